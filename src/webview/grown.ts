/**
 * What has been added to `before` to make `text` of it; undefined where it begins with something else. Compares slices,
 * which is one comparison of memory: `startsWith` looks at each character, which is felt once for every frame of a
 * long answer.
 */
export function addedTo(before: string, text: string): string | undefined {
  return text.slice(0, before.length) === before ? text.slice(before.length) : undefined;
}
