import path from 'node:path';
import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { safeFileName } from '../../core/fileNames.ts';
import { isCancellation } from '../cancellation.ts';
import { askForFilter, askForSort } from '../containers/arrangeFiles.ts';
import { isGone } from '../containers/fileErrors.ts';
import { refUri } from '../containers/fileUri.ts';
import { type Listings, uriOf } from '../containers/listings.ts';
import { searchContainer } from '../containers/searchFiles.ts';
import type { Dropped } from '../containers/treeDragAndDrop.ts';
import { type ContainerNode, type FileNode, isTreeNode, type TreeNode } from '../containers/treeNodes.ts';
import { Uploads } from '../containers/uploads.ts';
import type { Gateway } from '../gateways/gateways.ts';
import { COMMANDS } from '../ids.ts';
import { describeForLog } from '../log.ts';
import type { Services } from '../services.ts';
import type { CommandMap } from './register.ts';
import { selectedNodes } from './selection.ts';

/** Workspace files offered for a comparison because they are called the same. */
const MOST_OFFERED = 20;

/** What can be done with the files of containers besides saving: they are files to the editor. */
export function containerFileCommands(services: Services) {
  const { tree, listings, files, viewOptions, sessions, log } = services;
  const uploads = new Uploads(listings, files.bytes, log, (file, placed, gateway) => {
    for (const session of sessions.all)
      if (session.state.container?.id === placed.containerId) session.noteUpload(file, placed, gateway);
  });
  /** The file that a menu was opened on, however many are selected; else the one that is. */
  const pointedAt = (node: unknown) => filesAmong(selectedNodes(tree, node, undefined))[0];
  return {
    [COMMANDS.openFile]: async (node, nodes) => {
      const chosen = filesAmong(selectedNodes(tree, node, nodes));
      // More than one, each stays.
      const options = { preview: chosen.length === 1 };
      for (const { uri } of chosen) await vscode.commands.executeCommand('vscode.open', uri, options);
    },
    [COMMANDS.openFileWith]: async (node) => {
      const file = pointedAt(node);
      if (file) await vscode.commands.executeCommand('explorer.openWith', file.uri);
    },
    [COMMANDS.compareFile]: async (node, nodes) => {
      const chosen = filesAmong(selectedNodes(tree, node, nodes));
      const [one, other] = chosen;
      if (one && other && chosen.length === 2) return compare(one, other);
      const file = pointedAt(node);
      if (file) await compare(file, undefined);
    },
    [COMMANDS.renameFile]: async (node) => {
      const file = pointedAt(node);
      if (file) await rename(file, listings);
    },
    [COMMANDS.searchContainer]: async (node, nodes) => {
      const [container] = containersAmong(selectedNodes(tree, node, nodes));
      if (container === undefined) return;
      const { bytes } = files;
      await searchContainer({ listings, bytes, log }, container.place, tree.labelOf(container.container));
    },
    [COMMANDS.uploadFiles]: async (node, dropped) => {
      const container = isTreeNode(node) && node.kind === 'container' ? node : undefined;
      if (container === undefined || container.container.status === 'expired') {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('Drop files on a container that is alive: they are uploaded to it.'),
        );
        return;
      }
      const chosen = isDropped(dropped) ? dropped : await askForFiles();
      if (chosen) await uploads.upload(container.place, chosen);
    },
    [COMMANDS.showMore]: (node) => {
      if (isTreeNode(node) && node.kind === 'more') tree.showMore(node);
    },
    [COMMANDS.sortFiles]: () => askForSort(viewOptions),
    [COMMANDS.filterFiles]: () => askForFilter(viewOptions),
    [COMMANDS.showAllFiles]: () => viewOptions.show(undefined),
  } satisfies CommandMap;
}

/**
 * Opens a file that somebody else than the tree knows of, in the editor's own viewer for it.
 *
 * @param column where; the active one by default
 */
export async function openFile(
  services: Services,
  gateway: Gateway,
  file: FileRef,
  column?: vscode.ViewColumn,
): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', await addressOf(services, gateway, file), column);
}

/**
 * The address that the tree has for a file, listed or not yet: opened from wherever, it is one file in one tab, and can
 * be written where it is the newest of its path. One that no list has goes by its id.
 *
 * @throws GatewayError where it is gone with its container
 */
async function addressOf(
  { listings, files, log }: Services,
  gateway: Gateway,
  file: FileRef,
): Promise<vscode.Uri> {
  const { containerId, fileId } = file;
  const place = { gateway, containerId };
  let list = listings.known(place);
  try {
    list = await listings.upTo(place, 0);
    const missing = () => list.get(fileId) === undefined;
    if (missing()) await list.load(Number.POSITIVE_INFINITY, missing);
  } catch (error) {
    const here = files.bytes.has(gateway, file);
    if (isGone(error) && !here) throw error;
    if (!isCancellation(error)) log.warn(describeForLog(error));
    if (here) return refUri(gateway.token, file);
  }
  const listed = list.get(fileId);
  return listed ? uriOf(place, list, listed) : refUri(gateway.token, file);
}

function filesAmong(nodes: readonly TreeNode[]): readonly FileNode[] {
  return nodes.filter((node) => node.kind === 'file');
}

function containersAmong(nodes: readonly TreeNode[]): readonly ContainerNode[] {
  return nodes.filter((node) => node.kind === 'container');
}

function isDropped(value: unknown): value is Dropped {
  return typeof value === 'object' && value !== null && 'uris' in value && 'files' in value;
}

async function askForFiles(): Promise<Dropped | undefined> {
  const uris = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: vscode.l10n.t('Upload'),
    title: vscode.l10n.t('Upload Files to the Container'),
  });
  return uris && { uris, files: [] };
}

/** Asks for another name of a file, and gives it that. @throws vscode.FileSystemError where the gateway cannot */
async function rename({ listed, place, uri }: FileNode, listings: Listings): Promise<void> {
  const { name, folder } = listed;
  const dot = name.lastIndexOf('.');
  const chosen = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename {0}', name),
    value: name,
    valueSelection: [0, dot > 0 ? dot : name.length],
    prompt: vscode.l10n.t('The gateway gets it as a new file; the old one is deleted then.'),
    validateInput: (value) => {
      if (value !== name && listings.known(place).at(folder + value) !== undefined)
        return vscode.l10n.t('There is already a file of this name.');
      return safeFileName(value) === value ? undefined : vscode.l10n.t('This cannot be the name of a file.');
    },
  });
  if (chosen === undefined || chosen === name) return;
  const title = vscode.l10n.t('Renaming {0}', name);
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () =>
    vscode.workspace.fs.rename(uri, vscode.Uri.joinPath(uri, '..', chosen)),
  );
}

/** Shows a file beside another of the containers, or beside one of the workspace that the person chooses. */
async function compare(file: FileNode, other: FileNode | undefined): Promise<void> {
  const left = other?.uri ?? (await askWhatToCompare(file.listed.name));
  if (left === undefined) return;
  const title = vscode.l10n.t(
    '{0} ↔ {1} (in its container)',
    path.posix.basename(left.path),
    file.listed.name,
  );
  await vscode.commands.executeCommand('vscode.diff', left, file.uri, title);
}

async function askWhatToCompare(name: string): Promise<vscode.Uri | undefined> {
  const escaped = name.replace(/[[\]{}*?]/g, '?');
  const same = await vscode.workspace.findFiles(`**/${escaped}`, undefined, MOST_OFFERED);
  const other = vscode.l10n.t('Choose Another File…');
  if (same.length > 0) {
    const items: (vscode.QuickPickItem & { readonly uri?: vscode.Uri })[] = [
      ...same.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
      { label: other },
    ];
    const title = vscode.l10n.t('Compare {0} With', name);
    const chosen = await vscode.window.showQuickPick(items, { title });
    if (chosen === undefined || chosen.uri !== undefined) return chosen?.uri;
  }
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Compare {0} With', name),
      openLabel: vscode.l10n.t('Compare'),
      ...(start ? { defaultUri: start } : {}),
    })) ?? [];
  return chosen;
}
