import * as vscode from 'vscode';
import {
  FILE_KINDS,
  type FileFilter,
  type FileKind,
  isFiltering,
  NO_FILTER,
  SORT_ORDERS,
  type SortOrder,
} from '../../core/fileOrder.ts';
import { CONTEXT } from '../ids.ts';

const SORT_KEY = 'containers.sort';

/** How the files of all containers are shown: their order, which is remembered, and which of them. */
export class ViewOptions implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #filter: FileFilter = NO_FILTER;

  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get sort(): SortOrder {
    const stored = this.#memory.get<unknown>(SORT_KEY);
    return SORT_ORDERS.find((order) => order === stored) ?? 'time';
  }

  get filter(): FileFilter {
    return this.#filter;
  }

  /** Whether a whole list is needed to show any of it: gateways list the newest first, and know no other order. */
  get needsAll(): boolean {
    return this.sort !== 'time' || isFiltering(this.#filter);
  }

  async setSort(order: SortOrder): Promise<void> {
    await this.#memory.update(SORT_KEY, order);
    this.#changed.fire();
  }

  setFilter(filter: FileFilter): void {
    this.#filter = filter;
    void vscode.commands.executeCommand('setContext', CONTEXT.filtered, isFiltering(filter));
    this.#changed.fire();
  }

  /** The filter in words; empty where everything is shown. */
  describeFilter(): string {
    const { name, kind } = this.#filter;
    return [kind && labelOfKind(kind), name && `“${name}”`].filter(Boolean).join(' ');
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export function labelOfKind(kind: FileKind): string {
  switch (kind) {
    case 'picture':
      return vscode.l10n.t('Pictures');
    case 'table':
      return vscode.l10n.t('Tables and data');
    case 'text':
      return vscode.l10n.t('Text and code');
    case 'other':
      return vscode.l10n.t('Other files');
  }
}

export function labelOfSort(order: SortOrder): string {
  switch (order) {
    case 'time':
      return vscode.l10n.t('Newest First');
    case 'name':
      return vscode.l10n.t('Name');
    case 'size':
      return vscode.l10n.t('Size, Largest First');
  }
}

/** Asks for the order of files. */
export async function askForSort(options: ViewOptions): Promise<void> {
  const current = vscode.l10n.t('in use');
  const items = SORT_ORDERS.map((order) => ({
    label: labelOfSort(order),
    order,
    ...(order === options.sort ? { description: current } : {}),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Sort Files By') });
  if (chosen) await options.setSort(chosen.order);
}

/** Asks which files are to be shown: what is typed is part of their name, the rest are kinds of files. */
export function askForFilter(options: ViewOptions): void {
  interface Item extends vscode.QuickPickItem {
    readonly filter: FileFilter;
  }
  const pick = vscode.window.createQuickPick<Item>();
  const show = (name: string) => {
    const { kind } = options.filter;
    const named: Item[] =
      name === ''
        ? []
        : [{ label: vscode.l10n.t('Names with “{0}”', name), filter: { name, kind }, alwaysShow: true }];
    pick.items = [
      ...named,
      { label: vscode.l10n.t('All Files'), filter: NO_FILTER, alwaysShow: true },
      ...FILE_KINDS.map((each) => ({
        label: labelOfKind(each),
        filter: { name, kind: each },
        alwaysShow: true,
        ...(each === kind ? { description: vscode.l10n.t('in use') } : {}),
      })),
    ];
  };
  pick.title = vscode.l10n.t('Filter Files');
  pick.placeholder = vscode.l10n.t('Part of a name, or a pattern such as *.csv');
  pick.value = options.filter.name;
  show(pick.value.trim());
  pick.onDidChangeValue((value) => show(value.trim()));
  pick.onDidAccept(() => {
    const [chosen] = pick.activeItems;
    // Accepted before what was typed had come to be a row, the first one is meant.
    const meant = chosen && pick.items.includes(chosen) ? chosen : pick.items[0];
    if (meant) options.setFilter(meant.filter);
    pick.hide();
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
}
