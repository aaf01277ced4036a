/** What a selection is called as a file: `analysis.py`, lines 3 to 14, becomes `analysis-lines-3-14.py`. */
export function partName(name: string, first: number, last: number): string {
  const dot = name.lastIndexOf('.');
  const at = dot > 0 ? dot : name.length;
  const lines = first === last ? `line-${first}` : `lines-${first}-${last}`;
  return `${name.slice(0, at)}-${lines}${name.slice(at)}`;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  csv: 'csv',
  html: 'html',
  javascript: 'js',
  json: 'json',
  markdown: 'md',
  python: 'py',
  sql: 'sql',
  tsv: 'tsv',
  typescript: 'ts',
  xml: 'xml',
  yaml: 'yaml',
};

/**
 * The name of a text that was never saved, with an extension by which code knows what it reads.
 *
 * @param languageId as VS Code calls the language
 */
export function untitledName(name: string, languageId: string): string {
  return /\.\w+$/.test(name) ? name : `${name}.${EXTENSIONS[languageId] ?? 'txt'}`;
}

/** The path of a file below a folder, the folder's own name before it: `data/2025/sales.csv`; both paths with `/`. */
export function nameInFolder(folder: string, file: string): string {
  const root = folder.replace(/\/+$/, '');
  if (!file.startsWith(`${root}/`)) return file.slice(file.lastIndexOf('/') + 1);
  return file.slice(root.lastIndexOf('/') + 1);
}
