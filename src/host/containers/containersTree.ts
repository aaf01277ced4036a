import * as vscode from 'vscode';
import type { Container } from '../../core/files.ts';
import type { ContainerUse } from '../../core/session.ts';
import { explain, isCancellation } from '../errorReport.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { CONTEXT, VIEWS } from '../ids.ts';
import { describeForLog, type Log } from '../log.ts';
import { containerItem, fileItem } from './treeItems.ts';
import type { ContainerNode, TreeNode } from './treeNodes.ts';

/** Containers and their files, as the gateway lists them: asked when shown, never polled, for a look renews a container. */
export class ContainersTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  readonly #gateways: Gateways;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly #containers = new Map<string, ContainerNode>();
  /** Our own last use of each container, in ms since the epoch, and what the session that used it is called. */
  readonly #uses = new Map<string, { readonly at: number; readonly title: string }>();

  #listing = 0;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(gateways: Gateways, log: Log) {
    this.#gateways = gateways;
    this.#log = log;
    this.view = vscode.window.createTreeView(VIEWS.containers, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.view.onDidChangeSelection(({ selection }) => {
      const has = (kind: TreeNode['kind']) => selection.some((node) => node.kind === kind);
      void vscode.commands.executeCommand('setContext', CONTEXT.fileSelected, has('file'));
      void vscode.commands.executeCommand('setContext', CONTEXT.containerSelected, has('container'));
    });
    this.#describe();
  }

  /** Asks the gateway again for everything. */
  refresh(): void {
    this.#describe();
    this.#changed.fire(undefined);
  }

  /** Notes that a container was used and shows what it holds now. */
  containerUsed({ containerId, title }: ContainerUse): void {
    // Named by who used it first: a name that changes is no name.
    this.#uses.set(containerId, { at: Date.now(), title: this.#uses.get(containerId)?.title || title });
    this.#changed.fire(this.#containers.get(containerId));
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.#listContainers();
    try {
      const gateway = await this.#gateways.current();
      if (node.kind === 'file' || node.container.status === 'expired') return [];
      const files = await gateway.client.listFiles(node.container.id);
      return files.map((file) => ({ kind: 'file', file }));
    } catch (error) {
      if (isCancellation(error)) return [];
      this.#log.warn(describeForLog(error));
      void vscode.window.showWarningMessage(explain(error).sentence);
      return [];
    }
  }

  /** What a container is called here: after the session that used it, else by its own name. */
  labelOf(container: Container): string {
    return this.#uses.get(container.id)?.title || container.name || container.id;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'file' ? this.#containers.get(node.file.containerId) : undefined;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    if (node.kind === 'file') return fileItem(node);
    const { container } = node;
    return containerItem(node, { label: this.labelOf(container), life: this.#life(container) });
  }

  dispose(): void {
    this.view.dispose();
    this.#changed.dispose();
  }

  async #listContainers(): Promise<TreeNode[]> {
    // An answer that comes after a newer question, perhaps from the gateway before, must change nothing.
    const listing = ++this.#listing;
    let containers: readonly Container[];
    try {
      const { client, label } = await this.#gateways.current();
      containers = await client.listContainers(undefined, label.model || undefined);
    } catch (error) {
      if (listing === this.#listing) this.#showFailure(error);
      return [];
    }
    if (listing !== this.#listing) return [...this.#containers.values()];
    this.#containers.clear();
    for (const container of containers) this.#containers.set(container.id, { kind: 'container', container });
    this.view.message = '';
    void vscode.commands.executeCommand('setContext', CONTEXT.listFailed, false);
    // Living ones first; otherwise in the gateway's order, newest first.
    const rank = (node: ContainerNode) => (node.container.status === 'expired' ? 1 : 0);
    return [...this.#containers.values()].sort((a, b) => rank(a) - rank(b));
  }

  #showFailure(error: unknown): void {
    if (isCancellation(error)) return;
    this.#log.error(describeForLog(error));
    this.view.message = explain(error).sentence;
    void vscode.commands.executeCommand('setContext', CONTEXT.listFailed, true);
  }

  #describe(): void {
    this.view.description = this.#gateways.label().name;
  }

  #life({ id, expiresAfterMinutes }: Container): string {
    const used = this.#uses.get(id)?.at;
    if (used === undefined || expiresAfterMinutes === undefined) return '';
    const left = Math.ceil(expiresAfterMinutes - (Date.now() - used) / 60_000);
    return left > 0 ? vscode.l10n.t('{0} min left', left) : vscode.l10n.t('may have expired');
  }
}
