import type { PythonEnd } from './python.ts';

/**
 * Who writes the Python. The one agent there is now follows fixed rules (`builtIn/`); one that asks a language model
 * can take its place: nothing here or in `responses/` knows which it is.
 */
export interface Agent {
  /** The model's name on the wire. */
  readonly id: string;
  /**
   * Works on one request. Text and code come as they are written, in pieces; `run` runs the code written since the
   * last `run`, and the generator gets its outcome back as the value of that `yield`.
   *
   * @param signal aborted when the request is stopped; the generator is then also returned
   */
  work(task: AgentTask, signal: AbortSignal): AsyncGenerator<AgentStep, AgentEnd, CodeOutcome | undefined>;
}

export type AgentStep =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'code'; readonly delta: string }
  | { readonly type: 'run' };

export interface AgentEnd {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface AgentTask {
  /** What the person asks now. */
  readonly prompt: string;
  readonly instructions: string | undefined;
  /** What was said and run before in this chain, oldest first. */
  readonly history: readonly Turn[];
  /** Pictures in the request that only a model that sees could use. */
  readonly pictures: number;
  /** `never`: the request has no tool or forbids it; `must`: it asks for a code call. */
  readonly tool: 'never' | 'may' | 'must';
  /** Whether the client gets the logs with each call; else only the answer can tell them. */
  readonly logsShown: boolean;
  /** The files of the container, in the order they came. */
  readonly files: readonly TaskFile[];
  /** The bytes of one of {@link files}. */
  readFile(path: string): Promise<Uint8Array>;
  /** Starts Python where there is none; fulfilled when code can run, or cannot, which the run then tells. */
  pythonReady(): Promise<void>;
  /** Whether the whole text is a Python program, as Python itself judges. */
  isProgram(text: string): Promise<boolean>;
}

export interface Turn {
  readonly role: 'user' | 'assistant' | 'code';
  readonly text: string;
}

export interface TaskFile {
  /** Below `/mnt/data`. */
  readonly path: string;
  /** The name a person gave it, where it was uploaded. */
  readonly name: string;
  readonly source: 'user' | 'assistant';
  /** Whether it came with this very request. */
  readonly attachedNow: boolean;
}

/** What came of the code, as an agent needs to know it. */
export interface CodeOutcome {
  readonly end: PythonEnd;
  readonly logs: string;
  readonly figures: number;
  /** Paths of the files written, in order. */
  readonly written: readonly string[];
  readonly remarks: readonly string[];
}
