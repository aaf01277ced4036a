import * as vscode from 'vscode';
import type { Container } from '../../core/files.ts';
import type { KeptFile } from '../../core/keptFiles.ts';
import { type ContainerNode, type KeptNode, nodeId } from '../containers/treeNodes.ts';
import { formatBytes } from '../format.ts';
import { describeForLog, type Log } from '../log.ts';
import type { KeptStore } from './keptStore.ts';

/** The rows of kept files, below the containers that they are from. */
export class KeptRows implements vscode.Disposable {
  readonly #store: KeptStore;
  readonly #log: Log;
  readonly #subscription: { dispose(): void };
  #files: readonly KeptFile[] = [];
  #loading: Promise<void>;

  /** @param changed called when there are other rows */
  constructor(store: KeptStore, log: Log, changed: () => void) {
    this.#store = store;
    this.#log = log;
    this.#loading = this.#load();
    this.#subscription = store.onDidChange(() => {
      this.#loading = this.#load().then(changed);
    });
  }

  below(parent: ContainerNode): KeptNode[] {
    const here = this.#files.filter(({ containerId }) => containerId === parent.container.id);
    return here.map((file) => ({ kind: 'kept', file, parent }));
  }

  /**
   * Containers of which nothing but kept files is left: the gateway does not list them any more.
   *
   * @param gateway what it is called
   */
  async unlisted(gateway: string, listed: ReadonlySet<string>): Promise<readonly Container[]> {
    await this.#loading;
    const left = this.#files.filter((file) => file.gateway === gateway && !listed.has(file.containerId));
    const names = new Map(left.map(({ containerId, container }) => [containerId, container]));
    return [...names].map(([id, name]) => ({
      id,
      name,
      status: 'expired',
      createdAt: undefined,
      expiresAfterMinutes: undefined,
      memoryLimit: undefined,
    }));
  }

  /** A kept file as what it is, opened from where it is kept. */
  item(node: KeptNode): vscode.TreeItem {
    const { filename, bytes, keptAt } = node.file;
    const uri = vscode.Uri.file(this.#store.pathOf(node.file));
    const item = new vscode.TreeItem(uri);
    item.id = nodeId(node);
    item.label = filename;
    item.contextValue = 'kept';
    item.description = `${formatBytes(bytes)} · ${vscode.l10n.t('kept')}`;
    const time = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
    item.tooltip = vscode.l10n.t('Kept on this machine since {0}', time.format(keptAt));
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #load(): Promise<void> {
    try {
      this.#files = await this.#store.list();
    } catch (error) {
      this.#log.warn(describeForLog(error));
    }
  }
}
