import * as vscode from 'vscode';
import { baseName } from '../../core/files.ts';

/** What becomes of a file whose name is taken. */
export type Decision = 'keepBoth' | 'replace' | 'skip';

/** A file whose name is taken by one that could be replaced. */
export interface Clash {
  /** Where the editor sees the new one. */
  readonly incoming: vscode.Uri;
  /** The file that is there. */
  readonly existing: vscode.Uri;
  /** The name under which the new one would go beside it. */
  readonly free: string;
  /** Whether replacing it can be undone. */
  readonly undoable: boolean;
}

/**
 * Asks what becomes of files whose names are taken: for all of them, or one by one, each after a look at both if
 * wanted.
 *
 * @returns a decision for each, in their order; undefined where the person gave up
 */
export async function askAboutClashes(clashes: readonly Clash[]): Promise<readonly Decision[] | undefined> {
  if (clashes.length > 1) {
    const all = await askForAll(clashes);
    if (all === undefined) return undefined;
    if (all !== 'each') return clashes.map(() => all);
  }
  const decisions: Decision[] = [];
  for (const [place, clash] of clashes.entries()) {
    const decision = await askAboutClash(clash, clashes.length > 1 ? `${place + 1}/${clashes.length}` : '');
    if (decision === undefined) return undefined;
    decisions.push(decision);
  }
  return decisions;
}

interface Choice<T> extends vscode.QuickPickItem {
  readonly answer: T;
}

async function askForAll(clashes: readonly Clash[]): Promise<Decision | 'each' | undefined> {
  const names = clashes.map(({ existing }) => baseName(existing.path));
  const undoable = clashes.every((clash) => clash.undoable);
  const choices: Choice<Decision | 'each'>[] = [
    {
      label: vscode.l10n.t('Keep Both'),
      detail: vscode.l10n.t('The new ones get a number.'),
      answer: 'keepBoth',
    },
    { label: vscode.l10n.t('Replace'), detail: undoDetail(undoable), answer: 'replace' },
    { label: vscode.l10n.t('Skip'), detail: vscode.l10n.t('Only the others are saved.'), answer: 'skip' },
    {
      label: vscode.l10n.t('Decide One by One'),
      detail: vscode.l10n.t('With a comparison of each, if you like.'),
      answer: 'each',
    },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('{0} Files Are There Already', String(clashes.length)),
    placeHolder: names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : ''),
    ignoreFocusOut: true,
  });
  return chosen?.answer;
}

async function askAboutClash(clash: Clash, progress: string): Promise<Decision | undefined> {
  const { incoming, existing, free, undoable } = clash;
  const name = baseName(existing.path);
  const choices: Choice<Decision | 'compare'>[] = [
    ...choicesFor(free, undoable),
    {
      label: vscode.l10n.t('Compare First'),
      detail: vscode.l10n.t('Look at both side by side, then decide.'),
      answer: 'compare',
    },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: [vscode.l10n.t('{0} Is There Already', name), progress].filter(Boolean).join(' · '),
    placeHolder: vscode.workspace.asRelativePath(existing),
    ignoreFocusOut: true,
  });
  if (chosen?.answer !== 'compare') return chosen?.answer;
  await compare(existing, incoming, name);
  try {
    return await askBesideComparison(clash, name);
  } finally {
    await closeComparison(existing, incoming);
  }
}

/**
 * The same question above the comparison, for as long as it is looked at. Not a notification: those go behind the bell
 * after a while, and with them the files that wait for an answer.
 */
async function askBesideComparison({ free, undoable }: Clash, name: string): Promise<Decision | undefined> {
  // One line each, to cover little of what is compared.
  const choices = choicesFor(free, undoable).map(({ label, detail = '', answer }) => ({
    label,
    description: detail,
    answer,
  }));
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('{0}: Left, as Saved · Right, in the Container', name),
    placeHolder: vscode.l10n.t('Look at both, then decide'),
    ignoreFocusOut: true,
  });
  return chosen?.answer;
}

function choicesFor(free: string, undoable: boolean): Choice<Decision>[] {
  return [
    { label: vscode.l10n.t('Keep Both'), detail: vscode.l10n.t('Save as {0}.', free), answer: 'keepBoth' },
    { label: vscode.l10n.t('Replace'), detail: undoDetail(undoable), answer: 'replace' },
    { label: vscode.l10n.t('Skip'), detail: vscode.l10n.t('Leave it as it is.'), answer: 'skip' },
  ];
}

/** Shows the file that is there beside the new one. */
async function compare(existing: vscode.Uri, fromContainer: vscode.Uri, name: string): Promise<void> {
  const title = vscode.l10n.t('{0}: saved earlier ↔ in the container', name);
  await vscode.commands.executeCommand('vscode.diff', existing, fromContainer, title, { preview: true });
}

async function closeComparison(existing: vscode.Uri, fromContainer: vscode.Uri): Promise<void> {
  const [one, other] = [existing.toString(), fromContainer.toString()];
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputTextDiff &&
        input.original.toString() === one &&
        input.modified.toString() === other,
    );
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

function undoDetail(undoable: boolean): string {
  return undoable
    ? vscode.l10n.t('What is replaced is kept: it can be put back.')
    : vscode.l10n.t('Too large to be kept: this cannot be undone.');
}

/**
 * The extra question for files that editors, shells or agents act on.
 *
 * @param names of those that are
 * @returns whether they shall be saved
 */
export async function askAboutActedOn(names: readonly string[]): Promise<boolean> {
  const [only] = names;
  if (only === undefined) return true;
  const save = vscode.l10n.t('Save Anyway');
  const question =
    names.length === 1
      ? vscode.l10n.t(
          '{0} is a file that editors, shells or agents act on by themselves. Save it only if you trust what is in it.',
          only,
        )
      : vscode.l10n.t(
          '{0} of these are files that editors, shells or agents act on by themselves. Save them only if you trust what is in them.',
          String(names.length),
        );
  const options = { modal: true, ...(names.length > 1 ? { detail: names.slice(0, 20).join('\n') } : {}) };
  return (await vscode.window.showWarningMessage(question, options, save)) === save;
}
