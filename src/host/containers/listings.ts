import * as vscode from 'vscode';
import type { ContainerFile } from '../../core/files.ts';
import type { Gateway } from '../gateways/gateways.ts';
import { fileUri } from './fileUri.ts';
import { type ListedFile, Listing } from './listing.ts';

/** Which container, of all gateways. */
export interface ContainerPlace {
  readonly gateway: Gateway;
  readonly containerId: string;
}

/**
 * The lists of files of all containers that anybody looked into. The tree and the file system both answer from here,
 * so that the many looks an editor takes at a file ask nothing of a gateway: that would keep a container alive, and
 * billed, which the person did not ask for. A list is asked for again when a person refreshes, and when a run has
 * used the container; never by the clock.
 */
export class Listings implements vscode.Disposable {
  readonly #lists = new Map<string, Listing>();
  /** Lists that stand for what may be another by now: the next who wants to see them gets a new one. */
  readonly #stale = new Set<string>();
  readonly #renewing = new Map<string, Promise<Listing>>();
  readonly #files = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #list = new vscode.EventEmitter<string>();

  /** Fires with the files that a new list shows to be new, gone or others than before. */
  readonly onDidChangeFiles = this.#files.event;
  /** Fires with the id of a container whose list is another now. */
  readonly onDidChangeList = this.#list.event;

  /** What is known without asking; perhaps nothing yet. */
  known(place: ContainerPlace): Listing {
    const key = keyOf(place);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const begun = begin(place);
    this.#lists.set(key, begun);
    return begun;
  }

  /**
   * The list, with at least `count` files in it where there are as many; asked for anew where it is stale.
   *
   * @throws GatewayError; what was known stays known
   */
  async upTo(place: ContainerPlace, count: number): Promise<Listing> {
    const key = keyOf(place);
    if (!this.#stale.has(key) && !this.#renewing.has(key)) {
      const list = this.known(place);
      await list.load(count);
      return list;
    }
    const renewing =
      this.#renewing.get(key) ?? this.#renew(place, count).finally(() => this.#renewing.delete(key));
    this.#renewing.set(key, renewing);
    const list = await renewing;
    await list.load(count);
    return list;
  }

  /** All lists, or that of one container wherever it is, stand for what may be another by now. */
  expire(containerId?: string): void {
    for (const key of this.#lists.keys()) {
      if (containerId === undefined || key.endsWith(`/${containerId}`)) this.#stale.add(key);
    }
  }

  /** A file was put into a container, perhaps in place of others, which are gone. */
  replaced(place: ContainerPlace, added: ContainerFile | undefined, removed: readonly string[]): void {
    const list = this.known(place);
    // An answer under way may be from before.
    if (this.#renewing.has(keyOf(place))) this.#stale.add(keyOf(place));
    const before = newestOf(list);
    for (const id of removed) list.remove(id);
    if (added !== undefined) list.add(added);
    this.#tell(place, before, list);
  }

  dispose(): void {
    this.#files.dispose();
    this.#list.dispose();
  }

  async #renew(place: ContainerPlace, count: number): Promise<Listing> {
    const key = keyOf(place);
    const old = this.known(place);
    this.#stale.delete(key);
    const renewed = begin(place);
    try {
      // What was in sight stays in sight.
      await renewed.load(Math.max(count, old.size));
    } catch (error) {
      this.#stale.add(key);
      throw error;
    }
    this.#lists.set(key, renewed);
    this.#tell(place, newestOf(old), renewed);
    return renewed;
  }

  #tell({ gateway, containerId }: ContainerPlace, before: ReadonlyMap<string, string>, list: Listing): void {
    const uriOf = (path: string) => fileUri({ gateway: gateway.token, containerId, path });
    const events: vscode.FileChangeEvent[] = [];
    const now = newestOf(list);
    for (const [path, id] of now) {
      const earlier = before.get(path);
      if (earlier === id) continue;
      const type = earlier === undefined ? vscode.FileChangeType.Created : vscode.FileChangeType.Changed;
      events.push({ type, uri: uriOf(path) });
    }
    for (const path of before.keys()) {
      // What a list that is not complete lacks may be there all the same.
      if (list.complete && !now.has(path)) {
        events.push({ type: vscode.FileChangeType.Deleted, uri: uriOf(path) });
      }
    }
    if (events.length > 0) this.#files.fire(events);
    this.#list.fire(containerId);
  }
}

/** The address of a listed file: by its path where it is the newest there, else with its id too. */
export function uriOf(place: ContainerPlace, list: Listing, entry: ListedFile): vscode.Uri {
  const address = { gateway: place.gateway.token, containerId: place.containerId, path: entry.path };
  return fileUri(list.isNewest(entry) ? address : { ...address, fileId: entry.file.id });
}

function begin({ gateway, containerId }: ContainerPlace): Listing {
  return new Listing(() => gateway.client.filePages(containerId));
}

/** Ids of the newest files, by their paths. */
function newestOf(list: Listing): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const entry of list.files) if (list.isNewest(entry)) newest.set(entry.path, entry.file.id);
  return newest;
}

function keyOf({ gateway, containerId }: ContainerPlace): string {
  return `${gateway.token}/${containerId}`;
}
