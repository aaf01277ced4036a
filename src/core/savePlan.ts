import { foldName, numberedName, type RelativePlace } from './fileNames.ts';

/** Where a file of a batch shall go, and what is there now. */
export interface PlannedFile<T> {
  readonly file: T;
  /** Where it goes if both are kept, or nothing of its name is there: a name that is free. */
  readonly free: string;
  /** The name as it is in the folder, where there is a file of this name that could be replaced. */
  readonly taken: string | undefined;
}

/**
 * Names for files that go into one folder, no two of them alike to any disk.
 *
 * @param files in the order in which they may choose; `name` already made safe
 * @param existing what is in the folder; only plain files can be replaced
 */
export function planNames<T extends { readonly name: string }>(
  files: readonly T[],
  existing: readonly { readonly name: string; readonly isFile: boolean }[],
): PlannedFile<T>[] {
  const there = new Map(existing.map((entry) => [foldName(entry.name), entry]));
  const used = new Names(there.keys());
  const claimed = new Set<string>();
  return files.map((file) => {
    const key = foldName(file.name);
    const found = there.get(key);
    const taken = found?.isFile && !claimed.has(key) ? found.name : undefined;
    claimed.add(key);
    return { file, free: used.take(file.name), taken };
  });
}

/**
 * Places for files that go into a new folder with their sub-folders: no two files alike to any disk, and no file where
 * a folder is to be. Folders whose names a disk may take for one are one.
 *
 * @param places each segment already made safe
 * @returns one for each, in their order
 */
export function planPlaces(places: readonly RelativePlace[]): RelativePlace[] {
  const root = new FolderPlan();
  // Folders first: a file beside one gives way to it, wherever it stands in the list.
  const parents = places.map(({ folders }) => folders.reduce((folder, name) => folder.folder(name), root));
  return places.map(({ name }, place) => {
    const parent = parents[place] ?? root;
    return { folders: parent.path, name: parent.used.take(name) };
  });
}

class FolderPlan {
  readonly path: readonly string[];
  readonly used = new Names();
  readonly #folders = new Map<string, FolderPlan>();

  constructor(path: readonly string[] = []) {
    this.path = path;
  }

  folder(name: string): FolderPlan {
    const key = foldName(name);
    const known = this.#folders.get(key);
    if (known) return known;
    const made = new FolderPlan([...this.path, name]);
    this.#folders.set(key, made);
    this.used.add(key);
    return made;
  }
}

/** The names of one folder. */
class Names {
  /** By folded name: the number that the next file of this name is tried with. */
  readonly #next: Map<string, number>;

  constructor(folded: Iterable<string> = []) {
    this.#next = new Map([...folded].map((name) => [name, 2]));
  }

  /** @param folded a name that is used */
  add(folded: string): void {
    this.#next.set(folded, 2);
  }

  /** `name`, numbered where that is needed to be none of those used; used from now on. */
  take(name: string): string {
    const key = foldName(name);
    let number = this.#next.get(key);
    let free = name;
    if (number !== undefined) {
      do free = numberedName(name, number++);
      while (this.#next.has(foldName(free)));
      this.#next.set(key, number);
    }
    this.add(foldName(free));
    return free;
  }
}
