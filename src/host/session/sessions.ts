import * as vscode from 'vscode';
import type { ContainerUse } from '../../core/session.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { CONTEXT } from '../ids.ts';
import type { Log } from '../log.ts';
import { type RequestHandler, SessionPanel } from '../panel/panel.ts';
import type { SessionLibrary } from '../store/sessionLibrary.ts';
import type { OpenSession } from './openSession.ts';
import { Session } from './session.ts';

/** What a panel asks for, with the session it shows. */
export type HandleRequest = (session: Session, ...rest: Parameters<RequestHandler>) => void;

/** Sessions that stay in memory though no panel shows them: to come back to one of these costs nothing. */
const MOST_IDLE = 8;

/**
 * The sessions of this window. A session lives on when its panel is closed: a run under way goes on, and what is idle
 * is there again at once until others have taken its place; then it is on disk only.
 */
export class Sessions implements vscode.Disposable {
  readonly library: SessionLibrary;
  readonly #extensionUri: vscode.Uri;
  readonly #log: Log;
  /** In the order of their last use. */
  readonly #open = new Map<Session, OpenSession>();
  readonly #loading = new Map<string, Promise<unknown>>();
  readonly #used = new vscode.EventEmitter<ContainerUse>();
  readonly #asked = new vscode.EventEmitter<string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #runningChanged = new vscode.EventEmitter<void>();
  readonly #ended = new vscode.EventEmitter<Session>();
  readonly #subscription: vscode.Disposable;
  #handle: HandleRequest = () => {};
  #latest: SessionPanel | undefined;

  /** Fires when a run has used a container. */
  readonly onDidUseContainer = this.#used.event;
  /** Fires with what a message says when it is sent. */
  readonly onDidAsk = this.#asked.event;
  /** Fires when a run began or ended, or another session came to the front. */
  readonly onDidChange = this.#changed.event;
  /** Fires when a run began or ended. */
  readonly onDidChangeRunning = this.#runningChanged.event;
  /** Fires when a run has ended in a session that no panel shows. */
  readonly onDidEndUnseen = this.#ended.event;

  constructor(extensionUri: vscode.Uri, gateways: Gateways, library: SessionLibrary, log: Log) {
    this.#extensionUri = extensionUri;
    this.library = library;
    this.#log = log;
    this.#subscription = vscode.Disposable.from(
      gateways.onDidChange(() => {
        for (const { session } of this.#open.values()) session.gatewayChanged();
      }),
      library.onDidChangeLimit(() => void this.#makeRoom()),
    );
    void this.#makeRoom();
  }

  /** Who does what panels ask for. */
  handleWith(handle: HandleRequest): void {
    this.#handle = handle;
  }

  /** The session whose panel is in front, else the one that was last. */
  get current(): Session | undefined {
    return this.#latest?.session;
  }

  /** All that are open, in panels or not, the latest used last. */
  get all(): readonly Session[] {
    return [...this.#open.keys()];
  }

  /** Those with a run under way, the latest used last. */
  get running(): readonly Session[] {
    return [...this.#open.keys()].filter((session) => session.running);
  }

  /** An open session by its id, or by that under which it is stored. */
  find(id: string): Session | undefined {
    return this.#openOf(id)?.session;
  }

  /**
   * A new session in a panel of its own; an empty one that is open is used instead.
   *
   * @param preserveFocus leaves the cursor in the editor where it is
   */
  open(preserveFocus = false): Session {
    const empty = [...this.#open.values()].find(({ panel, isEmpty }) => isEmpty && panel !== undefined);
    const session = empty?.session ?? this.#add(this.library.begin());
    this.reveal(session, preserveFocus);
    return session;
  }

  /**
   * A session of before in a panel.
   *
   * @param column where a new panel opens; beside the others by default
   * @returns undefined where it is stored no more, `elsewhere` where another window has it open
   */
  async openStored(id: string, column?: vscode.ViewColumn): Promise<Session | 'elsewhere' | undefined> {
    const session = await this.#load(id, () => this.library.open(id));
    if (session !== undefined && session !== 'elsewhere') this.reveal(session, false, column);
    return session;
  }

  /** Brings a session to the front, at one of its runs. @returns false where it is gone, or open in another window */
  async showRun(id: string, runId: string): Promise<boolean> {
    const session = await this.openStored(id);
    if (session === undefined || session === 'elsewhere') return false;
    if (!session.state.runs.some((run) => run.id === runId)) return false;
    this.#open.get(session)?.panel?.revealRun(runId);
    return true;
  }

  /** A copy of a session that another window has open, in a panel. */
  async openCopy(id: string): Promise<Session | undefined> {
    const session = await this.library.copy(id);
    if (session) this.reveal(this.#add(session));
    return session;
  }

  /**
   * Fills a panel that the editor has brought back.
   *
   * @param id of the session it showed
   * @returns `elsewhere` where another window has that open: the panel is closed
   */
  async restorePanel(panel: vscode.WebviewPanel, id: string | undefined): Promise<'restored' | 'elsewhere'> {
    const found = id === undefined ? undefined : await this.#load(id, () => this.library.reopen(id));
    if (found === 'elsewhere') {
      panel.dispose();
      return found;
    }
    const session = found ?? this.#add(this.library.begin());
    if (this.#open.get(session)?.panel === undefined) this.#attach(session, panel, true);
    else panel.dispose();
    return 'restored';
  }

  /** Brings a session's panel to the front; opens one where it was closed. */
  reveal(session: Session, preserveFocus = false, column?: vscode.ViewColumn): void {
    const open = this.#open.get(session);
    if (open === undefined) return;
    if (open.panel) {
      this.#latest = open.panel;
      open.panel.reveal(preserveFocus, column);
    } else {
      // One column for all sessions: each new one beside the last would leave no room for code.
      const place = column ?? this.#latest?.viewColumn ?? vscode.ViewColumn.Beside;
      this.#attach(session, SessionPanel.create(this.#extensionUri, place, preserveFocus), preserveFocus);
    }
    this.#update();
  }

  /** Where a session's panel is. */
  columnOf(session: Session): vscode.ViewColumn | undefined {
    return this.#open.get(session)?.panel?.viewColumn;
  }

  /** Ends a session and forgets all of it. */
  async remove(id: string): Promise<void> {
    const open = this.#openOf(id);
    if (open) {
      open.session.stop();
      await this.#drop(open, 'discard');
    }
    await this.library.remove(open?.keeper.id ?? id);
  }

  /** Forgets all sessions but those that are in a panel, have a run under way, or are open in another window. */
  async clear(): Promise<void> {
    for (const open of [...this.#open.values()]) if (open.isIdle) await this.#drop(open, 'discard');
    await this.library.clear(this.#inUse());
  }

  /** Stores what is not stored yet and ends what goes on here; panels stay, to come back with the window. */
  async end(): Promise<void> {
    const all = [...this.#open.values()];
    for (const { session } of all) session.dispose();
    await Promise.all(all.map(({ keeper }) => keeper.release()));
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const open of this.#open.values()) open.session.dispose();
    this.#used.dispose();
    this.#asked.dispose();
    this.#changed.dispose();
    this.#runningChanged.dispose();
    this.#ended.dispose();
  }

  #openOf(id: string): OpenSession | undefined {
    return [...this.#open.values()].find((one) => one.session.state.id === id || one.keeper.id === id);
  }

  /** The session that is open, else the one that `load` gives: once, however often it is asked for meanwhile. */
  async #load<T>(id: string, load: () => Promise<Session | T>): Promise<Session | T> {
    const open = this.find(id);
    if (open) return open;
    const loaded = await (this.#loading.get(id) ?? this.#begin(id, load()));
    return loaded as Session | T;
  }

  #begin(id: string, loading: Promise<unknown>): Promise<unknown> {
    const added = loading
      .then((session) => (session instanceof Session ? this.#add(session) : session))
      .finally(() => this.#loading.delete(id));
    this.#loading.set(id, added);
    return added;
  }

  #add(session: Session): Session {
    const open = this.library.keep(session);
    this.#open.set(session, open);
    session.onDidUseContainer((use) => this.#used.fire(use));
    let running = false;
    session.onEvents((events) => {
      for (const event of events)
        if (event.type === 'run.requested') this.#asked.fire(session.textOf(event.runId));
      if (session.running === running) return;
      running = session.running;
      this.#touch(open);
      this.#update();
      this.#runningChanged.fire();
      if (!running && open.panel === undefined) this.#ended.fire(session);
      if (!running) void this.#makeRoom();
    });
    return session;
  }

  #attach(session: Session, panel: vscode.WebviewPanel, preserveFocus: boolean): void {
    const open = this.#open.get(session);
    if (open === undefined) return;
    const handle: RequestHandler = (...request) => this.#handle(session, ...request);
    const shown = new SessionPanel(session, panel, this.#extensionUri, this.#log, preserveFocus, handle);
    open.panel = shown;
    this.#touch(open);
    if (shown.active || this.#latest === undefined || !preserveFocus) this.#latest = shown;
    shown.onDidChangeViewState(() => {
      if (shown.active) this.#latest = shown;
      this.#update();
    });
    shown.onDidDispose(() => this.#closed(open, shown));
    this.#update();
  }

  #closed(open: OpenSession, panel: SessionPanel): void {
    panel.dispose();
    if (open.panel === panel) open.panel = undefined;
    const panels = [...this.#open.values()].flatMap((other) => other.panel ?? []);
    if (this.#latest === panel) this.#latest = panels.at(-1);
    void this.#makeRoom();
    this.#update();
  }

  /** The last used come last. */
  #touch(open: OpenSession): void {
    if (this.#open.delete(open.session)) this.#open.set(open.session, open);
  }

  async #makeRoom(): Promise<void> {
    const idle = [...this.#open.values()].filter((open) => open.isIdle);
    const leaving = [
      ...idle.filter((open) => open.isEmpty),
      ...idle.filter((open) => !open.isEmpty).slice(0, -MOST_IDLE),
    ];
    for (const open of leaving) {
      // Nothing leads back to one in which nothing was asked, so what waits in it is forgotten.
      if (!open.isIdle) continue;
      if (open.isEmpty) await this.remove(open.keeper.id);
      else await this.#drop(open, 'release');
    }
    await this.library.clean(this.#inUse());
  }

  async #drop(open: OpenSession, way: 'release' | 'discard'): Promise<void> {
    this.#open.delete(open.session);
    await open.keeper[way]();
    open.panel?.dispose();
    open.session.dispose();
    this.#update();
  }

  #inUse(): ReadonlySet<string> {
    return new Set([...this.#open.values()].flatMap(({ session, keeper }) => [session.state.id, keeper.id]));
  }

  #update(): void {
    const { current, running } = this;
    void vscode.commands.executeCommand('setContext', CONTEXT.hasSession, current !== undefined);
    const stoppable = current?.running ?? running.length > 0;
    void vscode.commands.executeCommand('setContext', CONTEXT.running, stoppable);
    this.#changed.fire();
  }
}
