import * as vscode from 'vscode';
import type { ContainerUse } from '../../core/session.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { CONTEXT } from '../ids.ts';
import type { Log } from '../log.ts';
import { type RequestHandler, SessionPanel } from '../panel/panel.ts';
import { Session } from './session.ts';

/** What a panel asks for, with the session it shows. */
export type HandleRequest = (session: Session, ...rest: Parameters<RequestHandler>) => void;

/** The sessions of this window, each with its panel. */
export class Sessions implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #gateways: Gateways;
  readonly #log: Log;
  readonly #panels = new Set<SessionPanel>();
  readonly #used = new vscode.EventEmitter<ContainerUse>();
  readonly #asked = new vscode.EventEmitter<string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #handle: HandleRequest = () => {};
  #latest: SessionPanel | undefined;

  /** Fires when a run has used a container. */
  readonly onDidUseContainer = this.#used.event;
  /** Fires with what a message says when it is sent. */
  readonly onDidAsk = this.#asked.event;
  /** Fires when a run began or ended, or another session came to the front. */
  readonly onDidChange = this.#changed.event;

  constructor(extensionUri: vscode.Uri, gateways: Gateways, log: Log) {
    this.#extensionUri = extensionUri;
    this.#gateways = gateways;
    this.#log = log;
    this.#subscription = gateways.onDidChange(() => {
      for (const panel of this.#panels) panel.session.gatewayChanged();
    });
  }

  /** Who does what panels ask for. */
  handleWith(handle: HandleRequest): void {
    this.#handle = handle;
  }

  /** The session whose panel is in front, else the one that was last. */
  get current(): Session | undefined {
    return this.#latest?.session;
  }

  /** Those whose panels are open. */
  get all(): readonly Session[] {
    return [...this.#panels].map(({ session }) => session);
  }

  /** Whether any run is under way. */
  get running(): boolean {
    return [...this.#panels].some((panel) => panel.session.running);
  }

  /**
   * A new session in a panel of its own; an empty one that is open is used instead.
   *
   * @param preserveFocus leaves the cursor in the editor where it is
   */
  open(preserveFocus = false): Session {
    const empty = [...this.#panels].find(
      ({ session }) => session.state.runs.length === 0 && !session.state.container,
    );
    if (empty) {
      this.#latest = empty;
      empty.reveal(preserveFocus);
      return empty.session;
    }
    const session = new Session(this.#gateways, this.#log);
    // One column for all sessions: each new one beside the last would leave no room for code.
    const column = this.#latest?.viewColumn ?? vscode.ViewColumn.Beside;
    const handle: RequestHandler = (...request) => this.#handle(session, ...request);
    const panel = new SessionPanel(session, this.#extensionUri, this.#log, column, preserveFocus, handle);
    this.#panels.add(panel);
    this.#latest = panel;
    session.onDidUseContainer((use) => this.#used.fire(use));
    let running = false;
    session.onEvents((events) => {
      for (const event of events)
        if (event.type === 'run.requested') this.#asked.fire(session.textOf(event.runId));
      if (session.running === running) return;
      running = session.running;
      this.#update();
    });
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#latest = panel;
      this.#update();
    });
    panel.onDidDispose(() => {
      this.#panels.delete(panel);
      if (this.#latest === panel) this.#latest = [...this.#panels].at(-1);
      panel.dispose();
      session.dispose();
      this.#update();
    });
    this.#update();
    return session;
  }

  /** An open session by its id. */
  find(id: string): Session | undefined {
    return [...this.#panels].find(({ session }) => session.state.id === id)?.session;
  }

  /** Where a session's panel is. */
  columnOf(session: Session): vscode.ViewColumn | undefined {
    return [...this.#panels].find((panel) => panel.session === session)?.viewColumn;
  }

  /** Brings a session's panel to the front. */
  reveal(session: Session): void {
    [...this.#panels].find((panel) => panel.session === session)?.reveal();
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const panel of [...this.#panels]) panel.dispose();
    this.#used.dispose();
    this.#asked.dispose();
    this.#changed.dispose();
  }

  #update(): void {
    void vscode.commands.executeCommand('setContext', CONTEXT.hasSession, this.#panels.size > 0);
    void vscode.commands.executeCommand('setContext', CONTEXT.running, this.current?.running ?? false);
    this.#changed.fire();
  }
}
