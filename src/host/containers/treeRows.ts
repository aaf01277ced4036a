import { comparer, firstSorted, type Sortable, type SortOrder, sortKey } from '../../core/fileOrder.ts';
import type { ListedFile } from './listing.ts';

/** A folder as far as the list shows it: as large as its files together, as new as the newest of them. */
export interface ListedFolder extends Sortable {
  readonly kind: 'folder';
  /** With `/` at its end. */
  readonly path: string;
  readonly name: string;
}

export interface Rows {
  readonly folders: readonly ListedFolder[];
  readonly files: readonly ListedFile[];
  /** Folders and files that there are in all. */
  readonly count: number;
}

/** Which rows of a folder are wanted. */
export interface RowsWanted {
  readonly sort: SortOrder;
  /** Tells of a path below the container whether it is shown; all are where there is none. */
  readonly passes?: ((path: string) => boolean) | undefined;
  /** How many. */
  readonly most: number;
}

/** The first rows of a folder: folders before files. @param folder with `/` at its end; empty for the container itself */
export function rowsOf(list: Iterable<ListedFile>, folder: string, { sort, passes, most }: RowsWanted): Rows {
  const folders = new Map<string, ListedFolder>();
  const files: ListedFile[] = [];
  for (const entry of list) {
    if (!entry.folder.startsWith(folder) || passes?.(entry.path) === false) continue;
    if (entry.folder === folder) {
      files.push(entry);
      continue;
    }
    const name = entry.folder.slice(folder.length, entry.folder.indexOf('/', folder.length));
    folders.set(name, withFile(folders.get(name), `${folder}${name}/`, name, entry));
  }
  const compare = comparer(sort);
  const first = firstSorted(folders.values(), most, compare);
  return {
    folders: first,
    files: firstSorted(files, most - first.length, compare),
    count: folders.size + files.length,
  };
}

function withFile(
  known: ListedFolder | undefined,
  path: string,
  name: string,
  { bytes, createdAt }: ListedFile,
): ListedFolder {
  return {
    kind: 'folder',
    path,
    name,
    key: known?.key ?? sortKey(name),
    bytes: (known?.bytes ?? 0) + (bytes ?? 0),
    createdAt: Math.max(known?.createdAt ?? 0, createdAt ?? 0),
  };
}
