/**
 * How a message tells which files came with it: the gateway may store them under other names than the person's
 * (wire.md, section 4), so the model is told where its code finds them.
 */
const HEADING = '\n\nAttached files:\n';

export interface AttachedPath {
  /** As the person knows it. */
  readonly name: string;
  /** In the container. */
  readonly path: string;
}

/** The message with the list of its files below it; as it is where there are none. */
export function withAttachedFiles(prompt: string, files: readonly AttachedPath[]): string {
  if (files.length === 0) return prompt;
  return prompt + HEADING + files.map(({ name, path }) => `- ${name}: ${path}`).join('\n');
}

/** The message without the list that {@link withAttachedFiles} put below it. */
export function withoutAttachedFiles(input: string): string {
  const at = input.lastIndexOf(HEADING);
  if (at < 0) return input;
  const lines = input.slice(at + HEADING.length).split('\n');
  return lines.every((line) => /^- .+: \/.+$/.test(line)) ? input.slice(0, at) : input;
}
