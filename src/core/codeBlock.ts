/** A Markdown code block whose fence is longer than any in the text. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/**
 * What is sent to have Python run as it is. For the model, so in one language.
 *
 * @param local the built-in model runs a block of code as it is; a language model has to be told to
 */
export function runExactly(code: string, local: boolean): string {
  const block = fenced(code, 'python');
  return local ? block : `Run this Python code exactly as it is:\n\n${block}`;
}
