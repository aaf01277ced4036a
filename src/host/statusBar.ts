import * as vscode from 'vscode';
import { phaseAt } from '../core/containerLife.ts';
import type { Gateways } from './gateways/gateways.ts';
import { COMMANDS, STATUS_ITEM } from './ids.ts';
import type { ContainerLives } from './life/containerLives.ts';
import { lifeWords } from './life/lifeWords.ts';
import type { Sessions } from './session/sessions.ts';

/** Tells in the status bar which gateway is in use, how long the session's container has to live, and whether code is running. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(STATUS_ITEM, vscode.StatusBarAlignment.Right, 90);
  readonly #gateways: Gateways;
  readonly #lives: ContainerLives;
  readonly #subscriptions: vscode.Disposable[] = [];
  /** Undefined as long as nothing was begun. */
  #sessions: Sessions | undefined;

  constructor(gateways: Gateways, lives: ContainerLives) {
    this.#gateways = gateways;
    this.#lives = lives;
    this.#item.name = vscode.l10n.t('Code Interpreter');
    this.#subscriptions.push(
      gateways.onDidChange(() => this.#update()),
      lives.onDidChange((id) => {
        if (id === this.#sessions?.current?.state.container?.id) this.#update();
      }),
    );
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
    const session = this.#sessions?.current;
    const { name, model, local } = session?.state.gateway ?? this.#gateways.label();
    const container = session?.state.container;
    const life = container && this.#lives.get(container.id);
    const ending = life !== undefined && phaseAt(life, Date.now()) === 'ending';
    // The local gateway has but one model.
    const facts = [name, local ? '' : model, life && lifeWords(life, Date.now())].filter(Boolean).join(' · ');
    item.text = running
      ? `$(loading~spin) ${vscode.l10n.t('Running Python')}`
      : `$(${ending ? 'watch' : 'graph'}) ${facts}`;
    item.tooltip = running
      ? vscode.l10n.t('Code Interpreter: a run is under way. Click to continue in its panel.')
      : vscode.l10n.t('Code Interpreter: {0}. Click to start a session.', facts);
    item.command = running ? COMMANDS.continueSession : COMMANDS.newSession;
    item.accessibilityInformation = { label: `${item.name}: ${facts}` };
    item.show();
  }
}
