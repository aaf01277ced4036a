import * as vscode from 'vscode';
import type { KeptFile } from '../../core/keptFiles.ts';
import { forMany } from '../../gateway/files/many.ts';
import { isTreeNode } from '../containers/treeNodes.ts';
import { COMMANDS } from '../ids.ts';
import { createContainer } from '../life/createContainer.ts';
import { rebuild } from '../life/rebuild.ts';
import { restoreKept } from '../life/restoreKept.ts';
import { sessionIn } from '../life/sessionIn.ts';
import type { Services } from '../services.ts';
import type { CommandMap } from './register.ts';

/** Containers that are deleted at a time. */
const AT_ONCE = 4;

export function containerCommands(services: Services) {
  const { sessions, kept } = services;
  return {
    [COMMANDS.createContainer]: () => createContainer(services),
    [COMMANDS.deleteExpiredContainers]: () => deleteExpired(services),
    [COMMANDS.rebuildContainer]: async (node) => {
      const container = isTreeNode(node) && node.kind === 'container' ? node.container : undefined;
      const session = container === undefined ? sessions.current : await sessionIn(services, container.id);
      if (session === undefined) return;
      // What the code does when it runs again is to be seen.
      sessions.reveal(session);
      await rebuild(session);
    },
    [COMMANDS.saveKeptFile]: (node, nodes) => restoreKept(kept, keptOf(node, nodes)),
    [COMMANDS.deleteKeptFile]: async (node, nodes) => {
      const files = keptOf(node, nodes);
      if (await confirmDelete(files)) await kept.remove(files);
    },
  } satisfies CommandMap;
}

function keptOf(node: unknown, nodes: unknown): readonly KeptFile[] {
  const chosen = Array.isArray(nodes) && nodes.length > 0 ? nodes : [node];
  return chosen.filter(isTreeNode).flatMap((one) => (one.kind === 'kept' ? [one.file] : []));
}

async function confirmDelete([first, ...more]: readonly KeptFile[]): Promise<boolean> {
  if (first === undefined) return false;
  const yes = vscode.l10n.t('Delete');
  const question =
    more.length === 0
      ? vscode.l10n.t('Delete {0}?', first.filename)
      : vscode.l10n.t('Delete {0} kept files?', String(more.length + 1));
  const detail = vscode.l10n.t('It is kept nowhere else. This cannot be undone.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

/** Deletes all containers that have expired, after a question. @throws GatewayError */
async function deleteExpired({ gateways, tree }: Services): Promise<void> {
  const { client, label } = await gateways.current();
  const containers = await client.listContainers(undefined, label.model || undefined);
  const expired = containers.filter(({ status }) => status === 'expired');
  if (expired.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No container has expired.'));
    return;
  }
  const yes = vscode.l10n.t('Delete');
  const question =
    expired.length === 1
      ? vscode.l10n.t('Delete the container that has expired?')
      : vscode.l10n.t('Delete the {0} containers that have expired?', String(expired.length));
  const detail = vscode.l10n.t('Their files are gone already. What was kept of them stays.');
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
  const title = vscode.l10n.t('Deleting containers');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    await vscode.window.withProgress(options, async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const results = await forMany(
        expired,
        async ({ id }) => {
          await client.deleteContainer(id, abort.signal);
          progress.report({ increment: 100 / expired.length });
        },
        { atOnce: AT_ONCE, signal: abort.signal },
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed && !abort.signal.aborted) throw failed.reason;
    });
  } finally {
    tree.containersChanged();
  }
}
