import * as vscode from 'vscode';
import { baseName, type ContainerFile } from '../../core/files.ts';
import { forMany } from '../../gateway/files/many.ts';
import type { UploadFile } from '../../gateway/files/multipart.ts';
import { type ContainerBytes, LARGEST_FILE } from './containerBytes.ts';
import type { FoundFile } from './fileSystem.ts';
import { type FileAddress, parseFileUri } from './fileUri.ts';
import type { ListedFile, Listing } from './listing.ts';
import type { ContainerPlace, Listings } from './listings.ts';

/** What changing files needs of the file system. */
export interface Files {
  place(address: FileAddress): Promise<ContainerPlace>;
  find(place: ContainerPlace, address: FileAddress): Promise<FoundFile | undefined>;
  /** The whole list. */
  list(place: ContainerPlace): Promise<Listing>;
  readonly listings: Listings;
  readonly bytes: ContainerBytes;
}

const { NoPermissions, FileNotFound, FileExists, FileIsADirectory } = vscode.FileSystemError;

/**
 * Writes a file: an upload, after which the one that was there before is deleted. Nothing is lost when the upload
 * fails; for a moment there are both.
 *
 * @throws vscode.FileSystemError with the reason where gateways cannot do it; GatewayError
 */
export async function writeFile(
  files: Files,
  uri: vscode.Uri,
  content: Uint8Array,
  { create, overwrite }: { readonly create: boolean; readonly overwrite: boolean },
): Promise<void> {
  const address = newestOnly(uri);
  const place = await files.place(address);
  const there = await files.find(place, address);
  if (there === undefined && !create) throw FileNotFound(uri);
  if (there !== undefined && !overwrite) throw FileExists(uri);
  const name = nameInContainer(address);
  const list = await files.list(place);
  if ([...list.files].some(({ folder }) => folder.startsWith(`${address.path}/`)))
    throw FileIsADirectory(uri);
  const placed = await put(files, place, { name, bytes: content }, there?.listed);
  tellWhere(placed, there?.file.path ?? `/mnt/data/${name}`);
}

/** Deletes a file with its earlier generations, or with `recursive` a folder. @throws as {@link writeFile} */
export async function deleteFiles(
  files: Files,
  uri: vscode.Uri,
  { recursive }: { readonly recursive: boolean },
): Promise<void> {
  const address = parseFileUri(uri);
  if (address.path === '') {
    throw NoPermissions(
      vscode.l10n.t('A container is deleted in the view “Containers”, with all its files.'),
    );
  }
  const place = await files.place(address);
  const all = [...(await files.list(place)).files];
  const same = all.filter(({ path, file }) =>
    address.fileId === undefined ? path === address.path : file.id === address.fileId,
  );
  const below = all.filter(({ folder }) => folder.startsWith(`${address.path}/`));
  if (same.length === 0 && below.length === 0) throw FileNotFound(uri);
  if (same.length === 0 && !recursive) throw FileIsADirectory(uri);
  await removeFiles(files, place, same.length > 0 ? same : below);
}

/**
 * Gives a file another name, or puts it into another container: gateways know no renaming, so it is fetched, uploaded
 * under the new name and then deleted under the old one.
 *
 * @throws as {@link writeFile}
 */
export async function renameFile(
  files: Files,
  from: vscode.Uri,
  to: vscode.Uri,
  { overwrite }: { readonly overwrite: boolean },
): Promise<void> {
  const [source, target] = [newestOnly(from), newestOnly(to)];
  const place = await files.place(source);
  const found = await files.find(place, source);
  if (found === undefined) {
    throw NoPermissions(
      vscode.l10n.t('Folders of a container cannot be renamed or moved: only code can do that.'),
    );
  }
  const name = nameInContainer(target);
  const targetPlace = await files.place(target);
  const there = await files.find(targetPlace, target);
  if (there !== undefined && !overwrite) throw FileExists(to);
  const bytes = await files.bytes.read(place.gateway, found.ref);
  const placed = await put(files, targetPlace, { name, bytes }, there?.listed);
  if (found.listed !== undefined) await removeFiles(files, place, [found.listed]);
  tellWhere(placed, `/mnt/data/${name}`);
}

/** Uploads a file in place of one that is there, which is deleted then. @throws GatewayError */
export async function put(
  { listings, bytes }: Pick<Files, 'listings' | 'bytes'>,
  place: ContainerPlace,
  upload: UploadFile,
  before: ListedFile | undefined,
  signal?: AbortSignal,
): Promise<ContainerFile> {
  const { gateway, containerId } = place;
  const { client, label } = gateway;
  if (upload.bytes.byteLength > LARGEST_FILE) {
    throw NoPermissions(
      vscode.l10n.t('{0} is larger than 256 MB, which is more than can be uploaded.', upload.name),
    );
  }
  const first = await client.uploadFile(containerId, upload, signal);
  listings.replaced(place, first, []);
  if (before === undefined) return first;
  const discard = async (id: string, instead: ContainerFile | undefined) => {
    await client.deleteFile(containerId, id);
    bytes.forget(gateway, { containerId, fileId: id });
    listings.replaced(place, instead, [id]);
  };
  await discard(before.file.id, undefined);
  const wanted = before.file.path;
  // Some gateways prefix a name only where it is taken, as it was until now; code goes on to look under the old path.
  const keepsNames = label.local || (before.file.source === 'user' && baseName(wanted) === before.name);
  if (first.path === wanted || !keepsNames) return first;
  const second = await client.uploadFile(containerId, upload, signal);
  await discard(first.id, second);
  return second;
}

/** Deletes files. @throws the first refusal, once the others are deleted */
export async function removeFiles(
  { listings, bytes }: Pick<Files, 'listings' | 'bytes'>,
  place: ContainerPlace,
  entries: readonly ListedFile[],
): Promise<void> {
  const { gateway, containerId } = place;
  const results = await forMany(entries, async ({ file }) => {
    await gateway.client.deleteFile(containerId, file.id);
    bytes.forget(gateway, { containerId, fileId: file.id });
    return file.id;
  });
  const gone = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  listings.replaced(place, undefined, gone);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function newestOnly(uri: vscode.Uri): FileAddress {
  const address = parseFileUri(uri);
  if (address.fileId === undefined) return address;
  throw NoPermissions(
    vscode.l10n.t('This is an earlier version of the file, and stays as it is. Save it under another name.'),
  );
}

/** The one segment that an upload can be given. */
function nameInContainer({ path }: FileAddress): string {
  if (path === '') throw NoPermissions(vscode.l10n.t('A container cannot be renamed or moved.'));
  if (!path.includes('/')) return path;
  throw NoPermissions(
    vscode.l10n.t(
      'The gateway takes files only into the container itself: what is in folders of it is for code to change.',
    ),
  );
}

/** Paths that were told, so that each is told once. */
const told = new Set<string>();

/** Says where code finds a file that the gateway has put elsewhere than its name says. */
function tellWhere(placed: ContainerFile, expected: string): void {
  const name = baseName(expected);
  const mark = `${placed.containerId}/${name}`;
  if (placed.path === expected || told.has(mark)) return;
  told.add(mark);
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Saved {0} in its container. The gateway puts something before the names of uploads: code finds it as {1}.',
      name,
      placed.path,
    ),
  );
}
