import * as vscode from 'vscode';
import { baseName } from '../../core/files.ts';
import type { GatewayLabel } from '../../core/session.ts';
import type { Doubt, SendAnswer, SendConcern } from './sendGuard.ts';

/** Files named in one question. */
const MOST_NAMED = 10;

/** Asks, in a dialog that says why, whether files shall leave the machine. */
export async function askToSend(doubts: readonly Doubt[], gateway: GatewayLabel): Promise<SendAnswer> {
  const [first] = doubts;
  if (first === undefined) return 'send';
  const send = vscode.l10n.t('Send');
  const leaveOut = vscode.l10n.t('Leave Out');
  const question =
    doubts.length === 1
      ? vscode.l10n.t('Send {0} to {1}?', first.file.name, gateway.name)
      : vscode.l10n.t('Send these {0} files to {1}?', String(doubts.length), gateway.name);
  const lines = doubts.slice(0, MOST_NAMED).map(({ file, concern }) => {
    const reason = reasonOf(concern);
    return doubts.length === 1 ? reason : vscode.l10n.t('{0}: {1}', file.name, reason);
  });
  const more = doubts.length - lines.length;
  if (more > 0) lines.push(vscode.l10n.t('and {0} more', String(more)));
  const detail = `${lines.join('\n')}\n\n${vscode.l10n.t('You are asked once for each file in a session.')}`;
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, send, leaveOut);
  return chosen === send ? 'send' : chosen === leaveOut ? 'leaveOut' : undefined;
}

/** The same for a message. @param origin URI of the document that it was selected in */
export async function askToSay(
  origin: string | undefined,
  concern: SendConcern,
  gateway: GatewayLabel,
): Promise<boolean> {
  const send = vscode.l10n.t('Send');
  const question =
    origin === undefined
      ? vscode.l10n.t('Send this message to {0}?', gateway.name)
      : vscode.l10n.t(
          'Send what is selected in {0} to {1}?',
          baseName(vscode.Uri.parse(origin, true).path),
          gateway.name,
        );
  const detail = `${reasonOf(concern)}\n\n${vscode.l10n.t('You are asked once in a session.')}`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, send)) === send;
}

function reasonOf(concern: SendConcern): string {
  switch (concern) {
    case 'environment':
      return vscode.l10n.t('Environment files often hold passwords and keys.');
    case 'key_file':
      return vscode.l10n.t('By its name it is a key or a key store.');
    case 'credentials':
      return vscode.l10n.t('By its name or folder it holds passwords or other credentials.');
    case 'private_key':
      return vscode.l10n.t('There is a private key in it.');
    case 'token':
      return vscode.l10n.t('There is what looks like an access token or a password in it.');
    case 'git_ignored':
      return vscode.l10n.t('Git ignores it, so it may not be meant for others.');
  }
}
