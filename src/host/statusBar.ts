import * as vscode from 'vscode';
import { phaseAt } from '../core/containerLife.ts';
import type { Gateways } from './gateways/gateways.ts';
import { COMMANDS, STATUS_ITEM } from './ids.ts';
import type { ContainerLives } from './life/containerLives.ts';
import { lifeWords } from './life/lifeWords.ts';
import type { Session } from './session/session.ts';
import type { Sessions } from './session/sessions.ts';

function runningText(count: number): string {
  return count === 1 ? vscode.l10n.t('Running Python') : vscode.l10n.t('Running Python ({0})', count);
}

/** The way to a session, or to a choice of them: also where its panel was closed. */
function commandTo(session: Session | undefined): vscode.Command {
  const args = session ? [session.state.id] : [];
  return { command: COMMANDS.openSession, title: vscode.l10n.t('Open Session'), arguments: args };
}

/** Tells in the status bar which gateway is in use, how long the session's container has to live, and whether code is running. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(STATUS_ITEM, vscode.StatusBarAlignment.Right, 90);
  readonly #gateways: Gateways;
  readonly #lives: ContainerLives;
  readonly #subscriptions: vscode.Disposable[] = [];
  /** Undefined as long as nothing was begun. */
  #sessions: Sessions | undefined;
  #shown = false;

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

  /** Is there from now on: to who uses nothing of the extension it would be in the way. */
  appear(): void {
    if (this.#shown) return;
    this.#shown = true;
    this.#update();
  }

  /** Tells of these from now on. */
  follow(sessions: Sessions): void {
    this.#sessions = sessions;
    this.#shown = true;
    this.#subscriptions.push(sessions.onDidChange(() => this.#update()));
    this.#update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }

  #update(): void {
    const item = this.#item;
    const running = this.#sessions?.running ?? [];
    const [only] = running;
    const session = this.#sessions?.current;
    const { name, model, local } = session?.state.gateway ?? this.#gateways.label();
    const container = session?.state.container;
    const life = container && this.#lives.get(container.id);
    const ending = life !== undefined && phaseAt(life, Date.now()) === 'ending';
    // The local gateway has but one model.
    const facts = [name, local ? '' : model, life && lifeWords(life, Date.now())].filter(Boolean).join(' · ');
    item.text = only
      ? `$(loading~spin) ${runningText(running.length)}`
      : `$(${ending ? 'watch' : 'graph'}) ${facts}`;
    item.tooltip = only
      ? running.length === 1
        ? vscode.l10n.t('Code Interpreter: a run is under way in “{0}”. Click to see it.', only.title)
        : vscode.l10n.t('Code Interpreter: {0} runs are under way. Click to choose one.', running.length)
      : vscode.l10n.t('Code Interpreter: {0}. Click to start a session.', facts);
    item.command = only ? commandTo(running.length === 1 ? only : undefined) : COMMANDS.newSession;
    const spoken = only ? runningText(running.length) : facts;
    item.accessibilityInformation = { label: `${item.name}: ${spoken}` };
    if (this.#shown) item.show();
  }
}
