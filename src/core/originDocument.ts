import type { RunOrigin } from './savedFiles.ts';

/** The words around it, in the reader's language. */
export interface OriginWords {
  /** The head: which file, from where, when. */
  readonly head: string;
  readonly prompt: string;
  /** @param number from 1 */
  readonly step: (number: number) => string;
  readonly noCode: string;
}

/** The prompt and the code of a run as one Python program: what is no code is comment, so it can be run as it is. */
export function originDocument({ prompt, code }: RunOrigin, words: OriginWords): string {
  const head = [words.head, '', `${words.prompt}:`, ...prompt.split(/\r?\n|\r/)];
  const comment = head.map((line) => `# ${line}`.trimEnd()).join('\n');
  const steps = code.map((step, place) => {
    const title = code.length > 1 ? `# %% ${words.step(place + 1)}\n` : '';
    return `${title}${step.replace(/\r\n?/g, '\n').trimEnd()}\n`;
  });
  return [`${comment}\n`, ...(steps.length > 0 ? steps : [`# ${words.noCode}\n`])].join('\n');
}
