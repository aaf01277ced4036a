import * as vscode from 'vscode';
import type { Gateways } from './gateways/gateways.ts';
import { COMMANDS, STATUS_ITEM } from './ids.ts';
import type { Sessions } from './session/sessions.ts';

/** Tells in the status bar which gateway is in use, and whether code is running. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(STATUS_ITEM, vscode.StatusBarAlignment.Right, 90);
  readonly #gateways: Gateways;
  readonly #subscriptions: vscode.Disposable[] = [];
  /** Undefined as long as nothing was begun. */
  #sessions: Sessions | undefined;

  constructor(gateways: Gateways) {
    this.#gateways = gateways;
    this.#item.name = vscode.l10n.t('Code Interpreter');
    this.#subscriptions.push(gateways.onDidChange(() => this.#update()));
    this.#update();
  }

  /** Tells of these from now on. */
  follow(sessions: Sessions): void {
    this.#sessions = sessions;
    this.#subscriptions.push(sessions.onDidChange(() => this.#update()));
    this.#update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }

  #update(): void {
    const item = this.#item;
    const running = this.#sessions?.running ?? false;
    const { name, model } = this.#gateways.label();
    item.text = running ? `$(loading~spin) ${vscode.l10n.t('Running Python')}` : `$(graph) ${name}`;
    item.tooltip = running
      ? vscode.l10n.t('Code Interpreter: a run is under way. Click to continue in its panel.')
      : vscode.l10n.t(
          'Code Interpreter: {0}{1}. Click to start a session.',
          name,
          model ? ` (${model})` : '',
        );
    item.command = running ? COMMANDS.continueSession : COMMANDS.newSession;
    item.accessibilityInformation = { label: `${item.name}: ${name}` };
    item.show();
  }
}
