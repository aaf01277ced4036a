/**
 * A text as a Python string literal. JSON's escapes all mean the same in Python; the two line separators that JSON
 * leaves alone are harmless there, but not to every editor.
 */
export function pyText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[\u2028\u2029\u007f-\u009f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A text fit for a Python comment: one line. */
export function pyComment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()}`;
}

/** A file name made of what the text says: `Revenue (€) by Region` gives `revenue_by_region`. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 60)
    .replace(/^_+|_+$/g, '');
  return plain === '' ? 'chart' : plain;
}
