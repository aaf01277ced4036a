import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import type { Container } from '../../core/files.ts';
import { removeFiles } from '../containers/fileChanges.ts';
import { type ContainerNode, filesOf } from '../containers/treeNodes.ts';
import { COMMANDS } from '../ids.ts';
import type { Services } from '../services.ts';
import type { CommandMap } from './register.ts';
import { selectedNodes } from './selection.ts';

export function fileCommands({ tree, gateways, listings, files }: Services) {
  const selected = (node: unknown, nodes: unknown) => selectedNodes(tree, node, nodes);
  return {
    [COMMANDS.deleteFile]: async (node, nodes) => {
      const chosen = selected(node, nodes).filter((entry) => entry.kind === 'file');
      if (!(await confirmFiles(filesOf(chosen)))) return;
      for (const { place, listed } of chosen) {
        await removeFiles({ listings, bytes: files.bytes }, place, [listed]);
      }
    },
    [COMMANDS.deleteContainer]: async (node, nodes) => {
      const containers = selected(node, nodes).filter((entry) => entry.kind === 'container');
      if (!(await confirmContainers(containers, (container) => tree.labelOf(container)))) return;
      const { client } = await gateways.current();
      try {
        for (const { container } of containers) await client.deleteContainer(container.id);
      } finally {
        tree.containersChanged();
      }
    },
    [COMMANDS.refresh]: () => tree.refresh(),
  } satisfies CommandMap;
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
