import * as vscode from 'vscode';
import { PRICES } from '../../core/containerLife.ts';
import type { Services } from '../services.ts';

interface MemoryItem extends vscode.QuickPickItem {
  readonly memoryLimit: string;
}

/** Asks for a name and, where it is paid for, how much memory, and makes a container. @throws GatewayError */
export async function createContainer({ gateways, lives, tree }: Services): Promise<void> {
  const { local, name: gateway } = gateways.label();
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Create a Container at {0}', gateway),
    prompt: vscode.l10n.t('What shall it be called?'),
    value: vscode.workspace.name ?? 'VS Code',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Enter a name.') : undefined),
  });
  if (name === undefined) return;
  const memoryLimit = local ? undefined : await askForMemory();
  if (!local && memoryLimit === undefined) return;
  const title = vscode.l10n.t('Creating {0}', name.trim());
  const container = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const { client, label } = await gateways.current();
      const wish = { name: name.trim(), ...(memoryLimit ? { memoryLimit } : {}) };
      return client.createContainer(
        { ...wish, ...(label.model ? { model: label.model } : {}) },
        abort.signal,
      );
    },
  );
  lives.used(container.id, { local });
  lives.told(container.id, container.expiresAfterMinutes);
  tree.containersChanged();
  if (memoryLimit === undefined || container.memoryLimit === memoryLimit) return;
  void vscode.window.showWarningMessage(
    container.memoryLimit === undefined
      ? vscode.l10n.t(
          'The container was made, but the gateway does not say that it has {0} of memory. Some do not pass this wish on: take it for one with 1 GB.',
          sizeOf(memoryLimit),
        )
      : vscode.l10n.t(
          'The container was made with {0} of memory instead of {1}: the gateway did not pass the wish on.',
          sizeOf(container.memoryLimit),
          sizeOf(memoryLimit),
        ),
  );
}

async function askForMemory(): Promise<string | undefined> {
  const items = Object.entries(PRICES).map(([memoryLimit, price]): MemoryItem => {
    const description = vscode.l10n.t('about {0} for each 20 minutes', `$${price.toFixed(2)}`);
    return { label: sizeOf(memoryLimit), description, memoryLimit };
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('How Much Memory?'),
    placeHolder: vscode.l10n.t("An estimate, from OpenAI's prices: your provider's bill is what counts"),
    ignoreFocusOut: true,
  });
  return chosen?.memoryLimit;
}

/** `4g` as people read it. */
function sizeOf(memoryLimit: string): string {
  return memoryLimit.replace(/^(\d+)g$/, '$1 GB');
}
