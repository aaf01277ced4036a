import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { filesOfSession } from '../../core/sessionFiles.ts';
import type { ListedFile } from '../containers/listing.ts';
import { filesOf, isTreeNode, type ParentNode, refOf } from '../containers/treeNodes.ts';
import { COMMANDS } from '../ids.ts';
import type { FileSource } from '../saving/batch.ts';
import { compareWithSource, showOrigin } from '../saving/origin.ts';
import type { FolderToSave } from '../saving/saving.ts';
import { askForWorkspaceFolder } from '../saving/workspaceFolder.ts';
import type { Services } from '../services.ts';
import type { CommandMap } from './register.ts';
import { selectedNodes } from './selection.ts';

export function saveCommands(services: Services) {
  const { gateways, saving, saved, sessions, tree } = services;
  const inUse: FileSource = () => gateways.current();
  /** What the command is about: containers of the tree, else the session in front. */
  const made = async (
    node: unknown,
    nodes: unknown,
  ): Promise<{ readonly files: readonly FileRef[]; readonly from: FileSource }> => {
    const containers = selectedNodes(tree, node, nodes).filter((entry) => entry.kind === 'container');
    if (containers.length > 0 && (isTreeNode(node) || sessions.current === undefined)) {
      const lists = await Promise.all(containers.map((container) => filesIn(services, container)));
      return { files: lists.flat().map(({ file }) => refOf(file)), from: inUse };
    }
    const session = sessions.current;
    return session
      ? { files: filesOfSession(session.state), from: () => session.gateway() }
      : { files: [], from: inUse };
  };
  const folderOf = async (node: ParentNode): Promise<FolderToSave> => ({
    title: node.kind === 'folder' ? node.name : tree.labelOf(node.container),
    files: await filesIn(services, node),
    below: node.kind === 'folder' ? node.path : '',
  });
  const saveFolders = async (kind: ParentNode['kind'], node: unknown, nodes: unknown): Promise<void> => {
    for (const entry of selectedNodes(tree, node, nodes))
      if (entry.kind === kind) await saving.saveFolder(await folderOf(entry), inUse);
  };
  return {
    [COMMANDS.saveFile]: (node, nodes) => saving.save(filesOf(selectedNodes(tree, node, nodes)), inUse),
    [COMMANDS.saveFileAs]: (node, nodes) =>
      saving.save(filesOf(selectedNodes(tree, node, nodes)), inUse, { ask: true }),
    [COMMANDS.saveAllFiles]: async (node, nodes) => {
      const { files, from } = await made(node, nodes);
      await saving.save(files, from);
    },
    [COMMANDS.saveNewFiles]: async (node, nodes) => {
      const { files, from } = await made(node, nodes);
      await saving.saveNew(files, from);
    },
    [COMMANDS.saveContainer]: (node, nodes) => saveFolders('container', node, nodes),
    [COMMANDS.saveFolder]: (node, nodes) => saveFolders('folder', node, nodes),
    [COMMANDS.saveToWorkspace]: async (node, nodes) => {
      const chosen = selectedNodes(tree, node, nodes);
      const files = filesOf(chosen);
      const folders = chosen.filter((entry) => entry.kind === 'folder');
      const [first] = [...files.map(({ filename }) => filename), ...folders.map(({ name }) => name)];
      if (first === undefined) return;
      const count = files.length + folders.length;
      const into = await askForWorkspaceFolder(
        count === 1
          ? vscode.l10n.t('Save {0} to the Workspace', first)
          : vscode.l10n.t('Save {0} Files and Folders to the Workspace', String(count)),
      );
      if (into === undefined) return;
      if (files.length > 0) await saving.saveInto(into, files, inUse);
      for (const folder of folders) await saving.saveFolder(await folderOf(folder), inUse, into);
    },
    [COMMANDS.chooseSaveFolder]: () => saving.chooseFolder(),
    [COMMANDS.undoReplace]: (id) => saving.undoReplace(typeof id === 'string' ? id : undefined),
    [COMMANDS.showOrigin]: async (uri) => {
      const file = fileMeant(uri);
      if (file) await showOrigin(await saved(), file, (session, run) => sessions.showRun(session, run));
    },
    [COMMANDS.compareWithSource]: async (uri) => {
      const file = fileMeant(uri);
      if (file) await compareWithSource(await saved(), file, gateways);
    },
  } satisfies CommandMap;
}

/** All files of a container or folder, earlier versions too. @throws GatewayError */
async function filesIn({ listings }: Services, node: ParentNode): Promise<readonly ListedFile[]> {
  const list = await listings.upTo(node.place, Number.POSITIVE_INFINITY);
  const below = node.kind === 'folder' ? node.path : '';
  return [...list.files].filter((entry) => entry.folder.startsWith(below));
}

/** The file that a menu gives, else the one in the editor in front. */
function fileMeant(uri: unknown): vscode.Uri | undefined {
  if (uri instanceof vscode.Uri) return uri;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook
    ? input.uri
    : undefined;
}
