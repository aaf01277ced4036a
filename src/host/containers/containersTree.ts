import * as vscode from 'vscode';
import { phaseAt } from '../../core/containerLife.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Container } from '../../core/files.ts';
import type { ContainerUse } from '../../core/session.ts';
import { isCancellation } from '../cancellation.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { CONTEXT, VIEWS } from '../ids.ts';
import type { ContainerLives } from '../life/containerLives.ts';
import { containerLook, costOfAll, costWords, type LookedAt } from '../life/containerLook.ts';
import { KeptRows } from '../life/keptRows.ts';
import type { KeptStore } from '../life/keptStore.ts';
import { describeForLog, type Log } from '../log.ts';
import type { Listing } from './listing.ts';
import { type Listings, uriOf } from './listings.ts';
import { TreeDragAndDrop } from './treeDragAndDrop.ts';
import { containerItem, fileItem, folderItem, moreItem } from './treeItems.ts';
import { type ContainerNode, type MoreNode, nodeId, type ParentNode, type TreeNode } from './treeNodes.ts';
import { rowsOf } from './treeRows.ts';
import type { ViewOptions } from './viewOptions.ts';

/**
 * Rows of one folder that are shown at first, and that come with each “Show More”. The editor takes all rows of a
 * folder at once, and asks for a look at each: some thousands would hold up the extension host.
 */
const ROWS = 500;

/** Containers and their files, as the gateway lists them: asked when shown, never polled, for a look renews a container. */
export class ContainersTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  readonly #gateways: Gateways;
  readonly #listings: Listings;
  readonly #options: ViewOptions;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly #subscription: vscode.Disposable;
  readonly #containers = new Map<string, ContainerNode>();
  /** How many rows of a container or folder are shown, where that is more than at first; by their nodes' ids. */
  readonly #rows = new Map<string, number>();
  readonly #lives: ContainerLives;
  readonly #kept: KeptRows;
  /** How each container looked when that was last told. */
  readonly #looks = new Map<string, string>();

  #listing = 0;
  /** Whether the containers themselves are to be listed anew. */
  #stale = true;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    gateways: Gateways,
    listings: Listings,
    options: ViewOptions,
    lives: ContainerLives,
    kept: KeptStore,
    log: Log,
  ) {
    this.#lives = lives;
    this.#kept = new KeptRows(kept, log, () => this.containersChanged());
    this.#gateways = gateways;
    this.#listings = listings;
    this.#options = options;
    this.#log = log;
    this.view = vscode.window.createTreeView(VIEWS.containers, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
      dragAndDropController: new TreeDragAndDrop(),
    });
    this.view.onDidChangeSelection(({ selection }) => {
      const has = (kind: TreeNode['kind']) => selection.some((node) => node.kind === kind);
      void vscode.commands.executeCommand('setContext', CONTEXT.fileSelected, has('file'));
      void vscode.commands.executeCommand('setContext', CONTEXT.containerSelected, has('container'));
    });
    const lifeChanges = lives.onDidChange((id) => this.#lifeChanged(id));
    this.#subscription = vscode.Disposable.from(
      options.onDidChange(() => this.#arrange()),
      this.#kept,
      new vscode.Disposable(() => lifeChanges.dispose()),
      listings.onDidChangeList((id) => this.#changed.fire(this.#containers.get(id))),
    );
    this.#describe();
  }

  /** Asks the gateway again for everything. What is shown stays until the answers are there. */
  refresh(): void {
    this.#describe();
    this.#stale = true;
    this.#listings.expire();
    this.#changed.fire(undefined);
  }

  /** Asks the gateway again which containers there are. */
  containersChanged(): void {
    this.#stale = true;
    this.#changed.fire(undefined);
  }

  /** Notes that a container was used and shows what it holds now. */
  containerUsed({ containerId }: ContainerUse): void {
    this.#listings.expire(containerId);
    const node = this.#containers.get(containerId);
    if (node === undefined) this.#stale = true;
    this.#changed.fire(node);
  }

  /** Shows further rows in place of the one that stands for them. */
  showMore({ parent }: MoreNode): void {
    const id = nodeId(parent);
    this.#rows.set(id, (this.#rows.get(id) ?? ROWS) + ROWS);
    this.#changed.fire(parent);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.#listContainers();
    if (node.kind === 'file' || node.kind === 'more' || node.kind === 'kept') return [];
    if (node.kind === 'container' && node.container.status === 'expired') return this.#kept.below(node);
    return this.#children(node, await this.#list(node));
  }

  /** What a container is called here: after the session that used it, else by its own name. */
  labelOf(container: Container): string {
    return this.#lives.get(container.id)?.title || container.name || container.id;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'container' ? undefined : node.parent;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'container':
        return this.#containerItem(node);
      case 'folder':
        return folderItem(node);
      case 'file':
        return fileItem(node);
      case 'kept':
        return this.#kept.item(node);
      case 'more':
        return moreItem(node);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.view.dispose();
    this.#changed.dispose();
  }

  /** The files, as many as are to be shown; where that fails, those that were there. */
  async #list(node: ParentNode): Promise<Listing> {
    const { place } = node;
    const rows = this.#rows.get(nodeId(node)) ?? ROWS;
    try {
      if (!this.#options.needsAll) return await this.#listings.upTo(place, rows);
      const all = this.#listings.upTo(place, Number.POSITIVE_INFINITY);
      return await vscode.window.withProgress({ location: { viewId: VIEWS.containers } }, () => all);
    } catch (error) {
      // That it has expired is what its row says from now on.
      const expired = error instanceof GatewayError && error.kind === 'container_expired';
      if (!expired && !isCancellation(error)) {
        this.#log.warn(describeForLog(error));
        const { explain } = await import('../errorReport.ts');
        void vscode.window.showWarningMessage(explain(error).sentence);
      }
      return this.#listings.known(place);
    }
  }

  #children(parent: ParentNode, list: Listing): TreeNode[] {
    const { place } = parent;
    const most = this.#rows.get(nodeId(parent)) ?? ROWS;
    const { sort, shown } = this.#options;
    const below = parent.kind === 'folder' ? parent.path : '';
    const { folders, files, count } = rowsOf(list.files, below, { sort, passes: shown?.passes, most });
    const nodes: TreeNode[] = folders.map(({ path, name }) => ({
      kind: 'folder',
      path,
      name,
      parent,
      place,
    }));
    for (const listed of files) {
      const uri = uriOf(place, list, listed);
      const earlier = !list.isNewest(listed);
      nodes.push({ kind: 'file', file: listed.file, listed, uri, earlier, parent, place });
    }
    const left = count - nodes.length;
    const partial = !list.complete && parent.kind === 'container';
    if (left > 0 || partial) {
      nodes.push({ kind: 'more', parent, next: ROWS, left: partial ? undefined : left });
    }
    return nodes;
  }

  async #listContainers(): Promise<TreeNode[]> {
    if (this.#stale) await this.#askForContainers();
    // Living ones first; otherwise in the gateway's order, newest first.
    const rank = (node: ContainerNode) => (node.container.status === 'expired' ? 1 : 0);
    return [...this.#containers.values()].sort((a, b) => rank(a) - rank(b));
  }

  async #askForContainers(): Promise<void> {
    // An answer that comes after a newer question, perhaps from the gateway before, must change nothing.
    const listing = ++this.#listing;
    const token = this.#gateways.token();
    try {
      const gateway = await this.#gateways.current();
      const containers = await gateway.client.listContainers(undefined, gateway.label.model || undefined);
      const ids = new Set(containers.map(({ id }) => id));
      const left = await this.#kept.unlisted(gateway.label.name, ids);
      if (listing !== this.#listing) return;
      this.#containers.clear();
      for (const container of containers) {
        const place = { gateway, containerId: container.id };
        this.#containers.set(container.id, { kind: 'container', container, place });
        if (container.status === 'expired') this.#lives.ended(container.id);
        else this.#lives.told(container.id, container.expiresAfterMinutes);
      }
      for (const container of left) {
        const place = { gateway, containerId: container.id };
        this.#containers.set(container.id, { kind: 'container', container, place, unlisted: true });
      }
      this.#stale = false;
      this.#describe();
      void vscode.commands.executeCommand('setContext', CONTEXT.listFailed, false);
    } catch (error) {
      const { explain } = await import('../errorReport.ts');
      if (listing !== this.#listing) return;
      // What another gateway had is not what this one has.
      for (const [id, { place }] of this.#containers) {
        if (place.gateway.token !== token) this.#containers.delete(id);
      }
      this.#showFailure(error, explain(error).sentence);
    }
  }

  #showFailure(error: unknown, sentence: string): void {
    if (isCancellation(error)) return;
    this.#log.error(describeForLog(error));
    this.view.message = sentence;
    void vscode.commands.executeCommand('setContext', CONTEXT.listFailed, true);
  }

  /** Another order, or another filter: the rows begin anew. */
  #arrange(): void {
    this.#rows.clear();
    this.#describe();
    this.#changed.fire(undefined);
  }

  #describe(): void {
    this.#describeCost();
    const { shown } = this.#options;
    this.view.message = shown ? vscode.l10n.t('Only files that match are shown: {0}', shown.words) : '';
  }

  #describeCost(): void {
    const { name } = this.#gateways.label();
    const cost = costOfAll(
      [...this.#containers.values()].map((node) => this.#lookedAt(node)),
      Date.now(),
    );
    this.view.description = cost === undefined ? name : `${name} · ${costWords(cost)}`;
  }

  #containerItem(node: ContainerNode): vscode.TreeItem {
    const looked = this.#lookedAt(node);
    const look = containerLook(looked, Date.now());
    const open = node.container.status !== 'expired' || looked.kept > 0;
    return containerItem(node, look, this.labelOf(node.container), open);
  }

  #lookedAt(node: ContainerNode): LookedAt {
    const { container, place } = node;
    const life = this.#lives.get(container.id);
    return { container, life, kept: this.#kept.below(node).length, local: place.gateway.label.local };
  }

  /** What is left of a container's life is another, in minutes or in what it means. */
  #lifeChanged(containerId: string): void {
    const life = this.#lives.get(containerId);
    const node = this.#containers.get(containerId);
    if (node === undefined || life === undefined) return;
    const ended = phaseAt(life, Date.now()) === 'ended' && node.container.status !== 'expired';
    // Each request for its files is a use: only what is seen of it matters here.
    const seen = [this.labelOf(node.container), containerLook(this.#lookedAt(node), Date.now())];
    const look = JSON.stringify(seen);
    if (!ended && look === this.#looks.get(containerId)) return;
    this.#looks.set(containerId, look);
    this.#describeCost();
    // Only the gateway knows whether it is gone; the list of containers uses none of them.
    if (ended && this.view.visible) this.containersChanged();
    else this.#changed.fire(node);
  }
}
