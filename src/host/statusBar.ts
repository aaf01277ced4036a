import * as vscode from 'vscode';
import type { Gateways } from './gateways/gateways.ts';
import { COMMANDS, STATUS_ITEM } from './ids.ts';
import type { Sessions } from './session/sessions.ts';

/** Tells in the status bar which gateway is in use, and whether code is running. */
export function createStatusBar(gateways: Gateways, sessions: Sessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(STATUS_ITEM, vscode.StatusBarAlignment.Right, 90);
  item.name = vscode.l10n.t('Code Interpreter');
  const update = () => {
    const { name, model } = gateways.label();
    item.text = sessions.running ? `$(loading~spin) ${vscode.l10n.t('Running Python')}` : `$(graph) ${name}`;
    item.tooltip = sessions.running
      ? vscode.l10n.t('Code Interpreter: a run is under way. Click to continue in its panel.')
      : vscode.l10n.t(
          'Code Interpreter: {0}{1}. Click to start a session.',
          name,
          model ? ` (${model})` : '',
        );
    item.command = sessions.running ? COMMANDS.continueSession : COMMANDS.newSession;
    item.accessibilityInformation = { label: `${item.name}: ${name}` };
    item.show();
  };
  update();
  return vscode.Disposable.from(item, gateways.onDidChange(update), sessions.onDidChange(update));
}
