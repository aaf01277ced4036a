import { shownPath } from '../../core/containerPath.ts';
import { type Sortable, sortKey } from '../../core/fileOrder.ts';
import type { ContainerFile } from '../../core/files.ts';

/** A file as the list has it. */
export interface ListedFile extends Sortable {
  readonly file: ContainerFile;
  /** Folders and name below the container, as they are shown; joined with `/`. */
  readonly path: string;
  readonly name: string;
  /** The folders alone, each with a `/` at its end; empty for none. */
  readonly folder: string;
}

/** Asks for the pages of a list, newest files first. */
export type BeginPages = () => AsyncIterator<readonly ContainerFile[]>;

/**
 * The files of one container, as far as they were asked for. Asking renews the container, and costs: so each page is
 * asked for once, when somebody wants to see that far, and everything else is answered from here.
 */
export class Listing {
  readonly #begin: BeginPages;
  #files = new Map<string, ListedFile>();
  /** The newest file of each path: services list several generations of one. */
  readonly #newest = new Map<string, ListedFile>();
  #pages: AsyncIterator<readonly ContainerFile[]> | undefined;
  #complete = false;
  #loading: Promise<void> = Promise.resolve();

  constructor(begin: BeginPages) {
    this.#begin = begin;
  }

  /** Whether all of it is here. */
  get complete(): boolean {
    return this.#complete;
  }

  get size(): number {
    return this.#files.size;
  }

  /** Newest first, as the gateway gave them. */
  get files(): Iterable<ListedFile> {
    return this.#files.values();
  }

  /**
   * Asks for pages until there are `count` files, or all.
   *
   * @param onPage told after each page; false ends it
   * @throws GatewayError; what was listed before stays, and the next call goes on after it
   */
  async load(count: number, onPage: () => boolean = () => true): Promise<void> {
    // One after the other: pages know their successors only.
    const turn = this.#loading.then(() => this.#load(count, onPage));
    this.#loading = turn.catch(() => {});
    return turn;
  }

  async #load(count: number, onPage: () => boolean): Promise<void> {
    while (!this.#complete && this.#files.size < count) {
      this.#pages ??= this.#begin();
      const page = await this.#pages.next().catch((error: unknown) => {
        // What has thrown gives nothing more. It is begun anew, and what is known already is passed over.
        this.#pages = undefined;
        throw error;
      });
      if (page.done === true) this.#complete = true;
      else for (const file of page.value) this.#put(file);
      if (!onPage()) return;
    }
  }

  get(fileId: string): ListedFile | undefined {
    return this.#files.get(fileId);
  }

  /** The newest file of a path, as far as is known without asking. */
  at(path: string): ListedFile | undefined {
    return this.#newest.get(path);
  }

  /** The newest file of a path; asks for further pages where it is not among the known ones. @throws GatewayError */
  async find(path: string): Promise<ListedFile | undefined> {
    const known = this.#newest.get(path);
    if (known !== undefined) return known;
    await this.load(Number.POSITIVE_INFINITY, () => !this.#newest.has(path));
    return this.#newest.get(path);
  }

  isNewest({ file, path }: ListedFile): boolean {
    return this.#newest.get(path)?.file.id === file.id;
  }

  /** A file that was put into the container: the newest of its path. */
  add(file: ContainerFile): ListedFile {
    const added = listedFile(file);
    this.#files.delete(file.id);
    this.#files = new Map([[file.id, added], ...this.#files]);
    this.#newest.set(added.path, added);
    return added;
  }

  /** A file that was removed from the container; an older generation of its path may come to light. */
  remove(fileId: string): void {
    const removed = this.#files.get(fileId);
    this.#files.delete(fileId);
    if (removed === undefined || this.#newest.get(removed.path) !== removed) return;
    this.#newest.delete(removed.path);
    for (const file of this.#files.values()) if (file.path === removed.path) this.#consider(file);
  }

  #put(file: ContainerFile): void {
    if (this.#files.has(file.id)) return;
    const listed = listedFile(file);
    this.#files.set(file.id, listed);
    this.#consider(listed);
  }

  #consider(listed: ListedFile): void {
    const newest = this.#newest.get(listed.path);
    // Of the same second, the one that is listed first; not every gateway keeps to the order.
    if (newest === undefined || (listed.createdAt ?? 0) > (newest.createdAt ?? 0)) {
      this.#newest.set(listed.path, listed);
    }
  }
}

function listedFile(file: ContainerFile): ListedFile {
  const segments = shownPath(file);
  const name = segments.at(-1) ?? '';
  const path = segments.join('/');
  const folder = path.slice(0, path.length - name.length);
  return {
    file,
    path,
    name,
    folder,
    key: sortKey(name),
    bytes: file.bytes,
    createdAt: file.createdAt,
  };
}
