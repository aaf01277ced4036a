import type { Agent, AgentStep } from '../../src/local/agent.ts';

/** An agent that does always the same, under the built-in model's name. An error among its steps is thrown. */
export function scriptedAgent(...steps: readonly (AgentStep | Error)[]): Agent {
  return {
    id: 'built-in',
    work: async function* () {
      for (const step of steps) {
        if (step instanceof Error) throw step;
        yield step;
      }
      return { inputTokens: 0, outputTokens: 0 };
    },
  };
}
