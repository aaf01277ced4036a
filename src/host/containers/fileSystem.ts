import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ContainerFile } from '../../core/files.ts';
import { type Gateway, type Gateways, LOCAL_TOKEN } from '../gateways/gateways.ts';
import { describeForLog, type Log } from '../log.ts';
import { ContainerBytes } from './containerBytes.ts';
import { fileError, isGone, notConnected } from './fileErrors.ts';
import { type FileAddress, type PicturePlace, parseFileUri, parsePictureUri } from './fileUri.ts';
import type { ListedFile } from './listing.ts';
import type { ContainerPlace, Listings } from './listings.ts';

/** A file that an address means, and where. */
export interface FoundFile {
  readonly place: ContainerPlace;
  readonly file: ContainerFile;
  /** Undefined for a generation that is not listed. */
  readonly listed: ListedFile | undefined;
  readonly ref: FileRef;
}

/** The bytes of a picture of a session; undefined where it is not there any more. */
export type FindPicture = (place: PicturePlace) => Promise<Uint8Array | undefined>;

/**
 * Containers as folders of files: for the editor's own viewers, its compare, its explorer, and for whatever extension
 * reads files by their addresses (`fileUri.ts`).
 *
 * Editors look at files far more often than people do. So what a file is (`stat`) and which there are is answered from
 * the list (`listings.ts`), which is asked for once; its bytes are fetched once (`containerBytes.ts`); nothing is
 * watched or polled. Looking at what was looked at before does not renew a container.
 */
export class ContainerFileSystem implements vscode.FileSystemProvider {
  readonly #gateways: Gateways;
  readonly #listings: Listings;
  readonly #log: Log;
  readonly bytes = new ContainerBytes();
  #picture: FindPicture = () => Promise.resolve(undefined);

  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;

  constructor(gateways: Gateways, listings: Listings, log: Log) {
    this.#gateways = gateways;
    this.#listings = listings;
    this.#log = log;
    this.onDidChangeFile = listings.onDidChangeFiles;
  }

  /** Where pictures come from that sessions show and that are no files. */
  showPictures(find: FindPicture): void {
    this.#picture = find;
  }

  /** Changes are told when a list is asked for anew; there is nothing to watch. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#answer(async () => {
      const picture = parsePictureUri(uri);
      if (picture) return pictureStat(await this.#readPicture(uri, picture));
      const address = parseFileUri(uri);
      if (address.path === '') return folderStat(0);
      const place = await this.#place(address);
      const found = await this.#find(place, address);
      if (found === undefined) {
        const times = [...(await this.#list(place)).files]
          .filter(({ folder }) => folder.startsWith(`${address.path}/`))
          .map(({ createdAt }) => (createdAt ?? 0) * 1000);
        if (times.length === 0) throw vscode.FileSystemError.FileNotFound(uri);
        return folderStat(Math.max(...times));
      }
      const { file, listed, ref } = found;
      const mtime = timeOf(file);
      const size = file.bytes ?? (await this.bytes.size(place.gateway, ref));
      const stat = { type: vscode.FileType.File, ctime: mtime, mtime, size };
      // An earlier generation is what it was; saving goes to the newest.
      const fixed = address.fileId !== undefined || listed === undefined;
      return fixed ? { ...stat, permissions: vscode.FilePermission.Readonly } : stat;
    });
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#answer(async () => {
      const address = parseFileUri(uri);
      if (address.containerId === '') return this.#containers(address);
      const place = await this.#place(address);
      const folder = address.path === '' ? '' : `${address.path}/`;
      const entries = new Map<string, vscode.FileType>();
      for (const { path } of (await this.#list(place)).files) {
        if (!path.startsWith(folder)) continue;
        const [name = '', ...below] = path.slice(folder.length).split('/');
        entries.set(name, below.length > 0 ? vscode.FileType.Directory : vscode.FileType.File);
      }
      if (entries.size === 0 && folder !== '') throw vscode.FileSystemError.FileNotFound(uri);
      return [...entries];
    });
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#answer(async () => {
      const picture = parsePictureUri(uri);
      if (picture) return this.#readPicture(uri, picture);
      const { place, ref } = await this.found(uri);
      return this.bytes.read(place.gateway, ref);
    }, true);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(
      vscode.l10n.t(
        'The gateway cannot make the folder {0}: only code makes folders in a container.',
        uri.path.slice(uri.path.lastIndexOf('/') + 1),
      ),
    );
  }

  writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    return this.#answer(async () => {
      const { writeFile } = await import('./fileChanges.ts');
      await writeFile(this.#changes(), uri, content, options);
    });
  }

  delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    return this.#answer(async () => {
      const { deleteFiles } = await import('./fileChanges.ts');
      await deleteFiles(this.#changes(), uri, options);
    });
  }

  rename(from: vscode.Uri, to: vscode.Uri, options: { readonly overwrite: boolean }): Promise<void> {
    return this.#answer(async () => {
      const { renameFile } = await import('./fileChanges.ts');
      await renameFile(this.#changes(), from, to, options);
    });
  }

  /** The file that an address means. @throws vscode.FileSystemError, GatewayError */
  async found(uri: vscode.Uri): Promise<FoundFile> {
    const address = parseFileUri(uri);
    const found = await this.#find(await this.#place(address), address);
    if (found === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }

  async #readPicture(uri: vscode.Uri, place: PicturePlace): Promise<Uint8Array> {
    const bytes = await this.#picture(place);
    if (bytes === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  #changes() {
    return {
      place: (address: FileAddress) => this.#place(address),
      find: (place: ContainerPlace, address: FileAddress) => this.#find(place, address),
      list: (place: ContainerPlace) => this.#list(place),
      listings: this.#listings,
      bytes: this.bytes,
    };
  }

  async #find(place: ContainerPlace, { path, fileId }: FileAddress): Promise<FoundFile | undefined> {
    const { containerId } = place;
    const listed =
      fileId === undefined ? await this.#newest(place, path) : this.#listings.known(place).get(fileId);
    if (fileId === undefined && listed === undefined) return undefined;
    const file = listed?.file ?? (await place.gateway.client.retrieveFile(containerId, fileId ?? ''));
    const ref = { containerId, fileId: file.id, filename: path.slice(path.lastIndexOf('/') + 1) };
    return { place, file, listed, ref };
  }

  async #newest(place: ContainerPlace, path: string): Promise<ListedFile | undefined> {
    try {
      const list = await this.#listings.upTo(place, 0);
      return await list.find(path);
    } catch (error) {
      // A gateway that is out of reach takes nothing away from what is known.
      const known = this.#listings.known(place).at(path);
      if (known === undefined || isGone(error)) throw error;
      return known;
    }
  }

  #list(place: ContainerPlace) {
    return this.#listings.upTo(place, Number.POSITIVE_INFINITY);
  }

  async #containers({ gateway: token }: FileAddress): Promise<[string, vscode.FileType][]> {
    const gateway: Gateway | undefined = await this.#gateways.at(token);
    if (gateway === undefined) throw notConnected(token);
    const containers = await gateway.client.listContainers(undefined, gateway.label.model || undefined);
    return containers.map(({ id }) => [id, vscode.FileType.Directory]);
  }

  async #place({ gateway: token, containerId }: FileAddress): Promise<ContainerPlace> {
    const gateway = await this.#gateways.at(token);
    if (gateway !== undefined) return { gateway, containerId };
    const error = notConnected(token);
    void this.#tell(error, token === LOCAL_TOKEN);
    throw error;
  }

  async #tell(error: unknown, local = false): Promise<void> {
    const { tellUnread } = await import('./tellUnread.ts');
    await tellUnread(error, local, this.#log);
  }

  /**
   * Errors of the gateway in our words for the editor to show, in detail in the log.
   *
   * @param telling says what the gateway's are, for an editor that opens a file does not
   */
  async #answer<T>(work: () => Promise<T>, telling = false): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError)) this.#log.warn(describeForLog(error));
      if (telling && error instanceof GatewayError) void this.#tell(error);
      throw await fileError(error);
    }
  }
}

/** A picture never changes. */
function pictureStat({ byteLength: size }: Uint8Array): vscode.FileStat {
  const permissions = vscode.FilePermission.Readonly;
  return { type: vscode.FileType.File, ctime: 0, mtime: 0, size, permissions };
}

function folderStat(mtime: number): vscode.FileStat {
  return { type: vscode.FileType.Directory, ctime: mtime, mtime, size: 0 };
}

/**
 * ms since the epoch. Gateways tell seconds, and the editor takes a file of the same time and size for the one it has:
 * the rest of the time stands for which file it is.
 */
function timeOf({ id, createdAt }: ContainerFile): number {
  let mark = 0;
  for (const character of id) mark = (mark * 31 + character.charCodeAt(0)) % 1000;
  return (createdAt ?? 0) * 1000 + mark;
}
