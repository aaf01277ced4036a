import path from 'node:path';
import * as vscode from 'vscode';
import { SaveError } from '../../gateway/files/saveError.ts';
import { explain } from '../errorReport.ts';
import { COMMANDS } from '../ids.ts';
import { describeForLog, type Log } from '../log.ts';
import type { Saveable } from './batch.ts';
import type { SavedTo } from './saveTo.ts';

/** A file that was saved. */
export interface SavedItem extends SavedTo {
  readonly file: Saveable;
}

/** A file that was not saved, and why. */
export interface Failure {
  readonly file: Saveable;
  readonly name: string;
  readonly error: unknown;
}

/** What became of the files of one save. */
export interface Outcome {
  readonly folder: vscode.Uri;
  readonly saved: readonly SavedItem[];
  readonly failures: readonly Failure[];
  /** The person ended it before the end. */
  readonly cancelled: boolean;
  /** Names it replaced something under what can be undone by; undefined where nothing was replaced, or nothing kept. */
  readonly replacement: string | undefined;
}

/** What a button does. */
type Action = readonly [label: string, act: () => unknown];

/**
 * Tells what became of a save, with the next steps as buttons.
 *
 * @param elsewhere saves what failed to another folder
 */
export async function tellOutcome(outcome: Outcome, log: Log, elsewhere: () => unknown): Promise<void> {
  const { saved, failures, cancelled, replacement } = outcome;
  for (const { error } of failures) log.error(describeForLog(error));
  const undo: Action[] =
    replacement === undefined
      ? []
      : [
          [
            vscode.l10n.t('Undo Replace'),
            () => vscode.commands.executeCommand(COMMANDS.undoReplace, replacement),
          ],
        ];
  const [failure] = failures;
  if (failure === undefined) {
    if (saved.length === 0 && !cancelled) return;
    const actions = [...undo, ...seeActions(outcome)];
    await offer(vscode.window.showInformationMessage, successSentence(outcome), actions);
    return;
  }
  const { sentence } = explain(failure.error);
  const whole =
    saved.length === 0 && failures.length === 1
      ? sentence
      : vscode.l10n.t(
          'Saved: {0}. Not saved: {1}; the first, {2}: {3}',
          String(saved.length),
          String(failures.length),
          failure.name,
          sentence,
        );
  const help: Action[] = placeIsWrong(failure.error)
    ? [[vscode.l10n.t('Choose Another Folder…'), elsewhere]]
    : [[vscode.l10n.t('Show Log'), () => log.show()]];
  await offer(vscode.window.showErrorMessage, whole, [...help, ...undo]);
}

/** Whether another folder may take what this one does not. */
export function placeIsWrong(error: unknown): boolean {
  return error instanceof SaveError && error.reason !== 'other' && error.reason !== 'exists';
}

/** How a folder or file is called in a sentence: below the workspace by its path in it. */
export function nameOf(uri: vscode.Uri): string {
  const relative = vscode.workspace.asRelativePath(uri);
  return relative === uri.fsPath || relative === uri.path
    ? path.posix.basename(uri.path) || uri.path
    : relative;
}

function successSentence({ saved, cancelled, folder, replacement }: Outcome): string {
  const where = nameOf(folder);
  const [only] = saved;
  if (cancelled && only === undefined) return vscode.l10n.t('Cancelled: nothing was saved.');
  if (cancelled) return vscode.l10n.t('Cancelled. Saved to {1} by then: {0}.', String(saved.length), where);
  if (only === undefined || saved.length > 1)
    return vscode.l10n.t('Saved {0} files to {1}.', String(saved.length), where);
  const name = path.posix.basename(only.uri.path);
  return replacement === undefined
    ? vscode.l10n.t('Saved {0} to {1}.', name, where)
    : vscode.l10n.t('Saved {0} to {1}, replacing the one that was there.', name, where);
}

/** Buttons that show where things are. */
function seeActions({ saved, folder }: Outcome): Action[] {
  const [first] = saved;
  if (first === undefined) return [];
  const actions: Action[] =
    saved.length === 1
      ? [[vscode.l10n.t('Open'), () => vscode.commands.executeCommand('vscode.open', first.uri)]]
      : [];
  if (vscode.workspace.getWorkspaceFolder(first.uri)) {
    const shown = saved.length === 1 ? first.uri : folder;
    actions.push([
      vscode.l10n.t('Show in Explorer'),
      () => vscode.commands.executeCommand('revealInExplorer', shown),
    ]);
  } else if (
    first.uri.scheme === 'file' &&
    vscode.env.remoteName === undefined &&
    vscode.env.uiKind === vscode.UIKind.Desktop
  ) {
    actions.push([
      vscode.l10n.t('Show in Folder'),
      () => vscode.commands.executeCommand('revealFileInOS', first.uri),
    ]);
  }
  return actions;
}

async function offer(
  show: (message: string, ...items: string[]) => Thenable<string | undefined>,
  sentence: string,
  actions: readonly Action[],
): Promise<void> {
  const chosen = await show(sentence, ...actions.map(([label]) => label));
  await actions.find(([label]) => label === chosen)?.[1]();
}
