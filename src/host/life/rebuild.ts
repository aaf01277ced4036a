import * as vscode from 'vscode';
import { runExactly } from '../../core/codeBlock.ts';
import { codeToRerun, ranWell } from '../../core/rerun.ts';
import type { RenewedNotice, UploadProgress } from '../../core/session.ts';
import { formatBytes } from '../format.ts';
import type { Session } from '../session/session.ts';
import { SendDeclined } from '../session/uploader.ts';

interface Choice extends vscode.QuickPickItem {
  readonly rerun: boolean;
}

/**
 * Asks what shall be in a new container of the session, and makes it: the files that were sent, and if wanted what the
 * code makes when it runs again.
 *
 * @throws GatewayError
 */
export async function rebuild(session: Session): Promise<void> {
  if (session.busy) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('A run is under way in this session. Stop it or wait for its end, then rebuild.'),
    );
    return;
  }
  const { runs, container } = session.state;
  const code = codeToRerun(runs, container?.id);
  const chosen = await vscode.window.showQuickPick(choicesFor(code.length), {
    title: vscode.l10n.t('Rebuild the Container of {0}', session.title || vscode.l10n.t('This Session')),
    placeHolder: vscode.l10n.t('What shall be in the new container?'),
    // The session's panel, which is brought to the front, takes the focus.
    ignoreFocusOut: true,
  });
  if (chosen === undefined || session.busy) return;
  const renewed = await renew(session);
  if (renewed === undefined) return;
  if (chosen.rerun) await runAgain(session, code);
  else void vscode.window.showInformationMessage(renewedWords(renewed));
}

function choicesFor(steps: number): Choice[] {
  const files: Choice = {
    label: vscode.l10n.t('The Files That Were Sent'),
    iconPath: new vscode.ThemeIcon('package'),
    detail: vscode.l10n.t('Variables, and files that the code made, are not in it.'),
    rerun: false,
  };
  if (steps === 0) return [files];
  const rerun: Choice = {
    label: vscode.l10n.t('The Files, and Run the Code Again'),
    iconPath: new vscode.ThemeIcon('run-all'),
    description: steps === 1 ? vscode.l10n.t('1 step') : vscode.l10n.t('{0} steps', String(steps)),
    detail: vscode.l10n.t('In order, each as a request of its own; the first that fails ends it.'),
    rerun: true,
  };
  return [files, rerun];
}

/** @returns undefined where the person gave up */
async function renew(session: Session): Promise<RenewedNotice | undefined> {
  const title = vscode.l10n.t('Making a new container');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const uploading = (upload: UploadProgress | undefined) => {
      if (upload === undefined) return;
      const { name, sent, size } = upload;
      progress.report({
        message: vscode.l10n.t('{0}: {1} of {2}', name, formatBytes(sent), formatBytes(size)),
      });
    };
    try {
      return await session.renew(abort.signal, uploading);
    } catch (error) {
      if (error instanceof SendDeclined || abort.signal.aborted) return undefined;
      throw error;
    }
  });
}

async function runAgain(session: Session, code: readonly string[]): Promise<void> {
  const count = String(code.length);
  const title = vscode.l10n.t('Running the code again');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const result = await vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => session.stop());
    for (const [index, step] of code.entries()) {
      const number = String(index + 1);
      if (token.isCancellationRequested) return { done: index, stopped: true };
      progress.report({
        message: vscode.l10n.t('step {0} of {1}', number, count),
        increment: index === 0 ? 0 : 100 / code.length,
      });
      const place = session.state.runs.length;
      await session.ask(vscode.l10n.t('Run again: step {0} of {1}', number, count), {
        input: runExactly(step, session.state.gateway.local),
        forceCode: true,
        withoutAttachments: true,
      });
      const run = session.state.runs[place];
      if (run === undefined || !ranWell(run)) return { done: index, stopped: token.isCancellationRequested };
    }
    return { done: code.length, stopped: false };
  });
  const { done, stopped } = result;
  if (done === code.length) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('All of the code ran again in the new container.'),
    );
  } else if (stopped) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Stopped: {0} of {1} steps ran again in the new container.', String(done), count),
    );
  } else {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'Step {0} of {1} failed in the new container, so the rest was not run. The session shows why.',
        String(done + 1),
        count,
      ),
    );
  }
}

function renewedWords({ restored, changed, leftOut }: RenewedNotice): string {
  return [
    restored === 1
      ? vscode.l10n.t('The session has a new container with 1 file that was sent before.')
      : vscode.l10n.t(
          'The session has a new container with {0} files that were sent before.',
          String(restored),
        ),
    changed.length === 0
      ? ''
      : vscode.l10n.t('Changed or gone since, so the version sent before was used: {0}', changed.join(', ')),
    leftOut.length === 0 ? '' : vscode.l10n.t('Not in it: {0}', leftOut.join(', ')),
  ]
    .filter(Boolean)
    .join(' ');
}
