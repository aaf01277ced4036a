import * as vscode from 'vscode';
import type { SentFile, SessionState } from '../../core/session.ts';
import { formatBytes } from '../format.ts';

interface SentItem extends vscode.QuickPickItem {
  readonly file: SentFile;
}

/** Lists what a session has put into containers, newest first; what is chosen is opened where it came from. */
export async function showSentFiles({ sent }: SessionState): Promise<void> {
  if (sent.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This session has sent no files yet.'));
    return;
  }
  const time = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'medium' });
  const items = sent.toReversed().map((file): SentItem => {
    const { name, size, at, gateway, path, containerId, sha256 } = file;
    return {
      label: name,
      description: [formatBytes(size), time.format(at), gateway].join(' · '),
      detail: vscode.l10n.t('{0} in {1}, SHA-256 {2}', path, containerId, sha256),
      iconPath: new vscode.ThemeIcon('cloud-upload'),
      file,
    };
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Files This Session Has Sent ({0})', String(sent.length)),
    placeHolder: vscode.l10n.t('Choose one to open it where it came from'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const uri = chosen?.file.uri;
  if (uri !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(uri, true));
}
