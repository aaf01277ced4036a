import * as vscode from 'vscode';
import { type FileRef, filesMade } from '../../core/citations.ts';
import type { Container } from '../../core/files.ts';
import { fileUri } from '../containers/fileUri.ts';
import { type ContainerNode, filesOf, isTreeNode, refOf, type TreeNode } from '../containers/treeNodes.ts';
import { COMMANDS } from '../ids.ts';
import type { Services } from '../services.ts';
import type { Session } from '../session/session.ts';
import type { CommandMap } from './register.ts';

export function fileCommands(services: Services) {
  const { tree, saving, gateways, sessions } = services;
  const inUse = () => gateways.current();
  const selected = (node: unknown, nodes: unknown): readonly TreeNode[] => {
    if (Array.isArray(nodes) && nodes.length > 0) return nodes.filter(isTreeNode);
    return isTreeNode(node) ? [node] : tree.view.selection;
  };
  return {
    [COMMANDS.openFile]: async (node, nodes) => {
      for (const file of filesOf(selected(node, nodes))) await openFile(file);
    },
    [COMMANDS.saveFile]: async (node, nodes) => {
      const files = filesOf(selected(node, nodes));
      const [only] = files;
      if (only && files.length === 1) await saving.saveOne(only, inUse);
      else await saving.saveAll(files, inUse);
    },
    [COMMANDS.saveAllFiles]: async (node, nodes) => {
      const containers = selected(node, nodes).filter((entry) => entry.kind === 'container');
      if (containers.length > 0 && (isTreeNode(node) || sessions.current === undefined)) {
        const lists = await Promise.all(containers.map(({ container }) => allFiles(services, container)));
        await saving.saveAll(lists.flat(), inUse);
        return;
      }
      const session = sessions.current;
      if (session) await saving.saveAll(filesOfSession(session), () => session.gateway());
    },
    [COMMANDS.deleteFile]: async (node, nodes) => {
      const files = filesOf(selected(node, nodes));
      if (!(await confirmFiles(files))) return;
      const { client } = await gateways.current();
      try {
        for (const file of files) await client.deleteFile(file.containerId, file.fileId);
      } finally {
        tree.refresh();
      }
    },
    [COMMANDS.deleteContainer]: async (node, nodes) => {
      const containers = selected(node, nodes).filter((entry) => entry.kind === 'container');
      if (!(await confirmContainers(containers, (container) => tree.labelOf(container)))) return;
      const { client } = await gateways.current();
      try {
        for (const { container } of containers) await client.deleteContainer(container.id);
      } finally {
        tree.refresh();
      }
    },
    [COMMANDS.refresh]: () => tree.refresh(),
  } satisfies CommandMap;
}

/** Opens a container's file in the editor's own viewer for it. @param column where; the active one by default */
export async function openFile(file: FileRef, column?: vscode.ViewColumn): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', fileUri(file), column);
}

async function allFiles({ gateways }: Services, container: Container): Promise<FileRef[]> {
  const files = await (await gateways.current()).client.listFiles(container.id);
  return files.map(refOf);
}

/** What a session has made, each file once. */
function filesOfSession({ state }: Session): FileRef[] {
  const files = state.runs.flatMap((run) => filesMade(run.state, run.files));
  return [...new Map(files.map((file) => [file.fileId, file])).values()];
}

async function confirmFiles(files: readonly FileRef[]): Promise<boolean> {
  const [first] = files;
  if (first === undefined) return false;
  return confirmDelete(
    files.length === 1
      ? vscode.l10n.t('Delete {0} from its container?', first.filename)
      : vscode.l10n.t('Delete {0} files from their container?', String(files.length)),
  );
}

async function confirmContainers(
  nodes: readonly ContainerNode[],
  labelOf: (container: Container) => string,
): Promise<boolean> {
  const [first] = nodes;
  if (first === undefined) return false;
  return confirmDelete(
    nodes.length === 1
      ? vscode.l10n.t('Delete the container {0} with all its files?', labelOf(first.container))
      : vscode.l10n.t('Delete {0} containers with all their files?', String(nodes.length)),
  );
}

async function confirmDelete(question: string): Promise<boolean> {
  const yes = vscode.l10n.t('Delete');
  const detail = vscode.l10n.t('This cannot be undone.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
