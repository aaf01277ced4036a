import { imageType } from './files.ts';

export const FILE_KINDS = ['picture', 'table', 'text', 'other'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const TABLES: ReadonlySet<string> = new Set(
  'csv tsv xlsx xls ods parquet feather arrow json jsonl ndjson sqlite db h5 hdf5 npy npz pkl'.split(' '),
);
const TEXTS: ReadonlySet<string> = new Set(
  'txt md markdown rst log py ipynb js ts html htm css xml yaml yml toml ini cfg tex sql sh r svg pdf docx'.split(
    ' ',
  ),
);

/** What a file is, by its name. */
export function fileKind(name: string): FileKind {
  if (imageType(name) !== undefined) return 'picture';
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (TABLES.has(extension)) return 'table';
  return TEXTS.has(extension) ? 'text' : 'other';
}

/** Which files are shown. */
export interface FileFilter {
  /** Part of a name, in any case, or a pattern with `*` and `?`; empty for all. */
  readonly name: string;
  /** Undefined for all. */
  readonly kind: FileKind | undefined;
}

export const NO_FILTER: FileFilter = { name: '', kind: undefined };

export function isFiltering({ name, kind }: FileFilter): boolean {
  return name !== '' || kind !== undefined;
}

/** Tells of a path below the container, its segments joined with `/`, whether the filter lets it through. */
export function matcher({ name, kind }: FileFilter): (path: string) => boolean {
  const hasName = nameMatcher(name.trim());
  return (path) => {
    const base = path.slice(path.lastIndexOf('/') + 1);
    return (kind === undefined || fileKind(base) === kind) && hasName(path, base);
  };
}

function nameMatcher(name: string): (path: string, base: string) => boolean {
  const wanted = name.toLowerCase();
  if (wanted === '') return () => true;
  if (!/[*?]/.test(wanted)) return (path) => path.toLowerCase().includes(wanted);
  const whole = wanted.includes('/');
  return (path, base) => fitsPattern((whole ? path : base).toLowerCase(), wanted);
}

/** Whether a whole text fits a pattern; in time of their lengths multiplied, however many stars there are. */
function fitsPattern(text: string, pattern: string): boolean {
  let [at, place] = [0, 0];
  // Where the last star stood, and how far the text was taken for it.
  let [star, taken] = [-1, 0];
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place++;
      taken = at;
    } else if (pattern[place] === '?' || (place < pattern.length && pattern[place] === text[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++taken;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(place));
}
