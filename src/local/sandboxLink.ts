/** A link's target for a path in the container: what would end a Markdown link is percent-encoded. */
export function sandboxLink(path: string): string {
  const encoded = encodeURI(path.toWellFormed());
  return `sandbox:${encoded.replace(/[()?#]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`;
}
