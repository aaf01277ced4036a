import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import type { Container, ContainerFile } from '../../core/files.ts';
import { filesOfSession } from '../../core/sessionFiles.ts';
import { filesOf, isTreeNode, refOf } from '../containers/treeNodes.ts';
import { COMMANDS } from '../ids.ts';
import type { FileSource } from '../saving/batch.ts';
import { compareWithSource, showOrigin } from '../saving/origin.ts';
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
    const containers = containersOf(services, node, nodes);
    if (containers.length > 0 && (isTreeNode(node) || sessions.current === undefined)) {
      const lists = await Promise.all(containers.map((container) => listFiles(services, container)));
      return { files: lists.flat().map(refOf), from: inUse };
    }
    const session = sessions.current;
    return session
      ? { files: filesOfSession(session.state), from: () => session.gateway() }
      : { files: [], from: inUse };
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
    [COMMANDS.saveContainer]: async (node, nodes) => {
      for (const container of containersOf(services, node, nodes))
        await saving.saveFolder(tree.labelOf(container), await listFiles(services, container), inUse);
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

function containersOf({ tree }: Services, node: unknown, nodes: unknown): readonly Container[] {
  return selectedNodes(tree, node, nodes).flatMap((entry) =>
    entry.kind === 'container' ? [entry.container] : [],
  );
}

async function listFiles({ gateways }: Services, { id }: Container): Promise<readonly ContainerFile[]> {
  return (await gateways.current()).client.listFiles(id);
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
