import * as vscode from 'vscode';
import { COMMANDS } from '../ids.ts';
import type { Sessions } from './sessions.ts';

/** Tells of the end of a run whose panel was closed: nothing else on the screen does. */
export function announceEnds(sessions: Sessions): vscode.Disposable {
  return sessions.onDidEndUnseen(async ({ title, state }) => {
    const status = state.runs.at(-1)?.state.status;
    // Who has stopped it knows.
    if (status === 'cancelled') return;
    const open = vscode.l10n.t('Open Session');
    const text =
      status === 'completed'
        ? vscode.l10n.t('The run in “{0}” has ended.', title)
        : vscode.l10n.t('The run in “{0}” has ended without success.', title);
    if ((await vscode.window.showInformationMessage(text, open)) === open)
      await vscode.commands.executeCommand(COMMANDS.openSession, state.id);
  });
}
