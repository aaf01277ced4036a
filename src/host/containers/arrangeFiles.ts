import * as vscode from 'vscode';
import {
  FILE_KINDS,
  type FileFilter,
  type FileKind,
  isFiltering,
  matcher,
  NO_FILTER,
} from '../../core/fileFilter.ts';
import { SORT_ORDERS, type SortOrder } from '../../core/fileOrder.ts';
import type { ViewOptions } from './viewOptions.ts';

function labelOfSort(order: SortOrder): string {
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
  const filter = options.shown?.filter ?? NO_FILTER;
  const pick = vscode.window.createQuickPick<Item>();
  const show = (name: string) => {
    const { kind } = filter;
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
  pick.value = filter.name;
  show(pick.value.trim());
  pick.onDidChangeValue((value) => show(value.trim()));
  pick.onDidAccept(() => {
    const [chosen] = pick.activeItems;
    // Accepted before what was typed had come to be a row, the first one is meant.
    const meant = chosen && pick.items.includes(chosen) ? chosen : pick.items[0];
    if (meant) showOnly(options, meant.filter);
    pick.hide();
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

function showOnly(options: ViewOptions, filter: FileFilter): void {
  const { name, kind } = filter;
  const words = [kind && labelOfKind(kind), name && `“${name}”`].filter(Boolean).join(' ');
  options.show(isFiltering(filter) ? { filter, words, passes: matcher(filter) } : undefined);
}

function labelOfKind(kind: FileKind): string {
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
