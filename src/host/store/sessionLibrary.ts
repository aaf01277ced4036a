import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { SessionState } from '../../core/session.ts';
import { LONGEST_TITLE } from '../../core/stored/storedHead.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { SETTINGS } from '../ids.ts';
import { reattach } from '../inputs/reattach.ts';
import { describeForLog, type Log } from '../log.ts';
import { ImageStore } from '../session/imageStore.ts';
import { OpenSession } from '../session/openSession.ts';
import type { SentPrompt } from '../session/promptHistory.ts';
import { Session } from '../session/session.ts';
import type { OpenedSession } from '../session/snapshot.ts';
import { readKeptSessions } from '../settings.ts';
import type { FoundHead } from './heads.ts';
import { SessionKeeper } from './sessionKeeper.ts';
import type { SessionStore } from './sessionStore.ts';

/** ms that a window which is being reloaded may take to let go of its sessions: the editor gives it five seconds. */
const PATIENCE = 6_000;

/** Sessions whose messages are brought back by the arrow keys. */
const MOST_REMEMBERED = 25;

/** ms between two looks at how much is stored. */
const CLEANING_PAUSE = 60_000;

/** The sessions of before: lists them, gives them back, and keeps those that are open on disk. */
export class SessionLibrary implements vscode.Disposable {
  readonly #store: SessionStore;
  readonly #gateways: Gateways;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #limitChanged = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #warned = false;
  /** ms since the epoch. */
  #cleanedAt = 0;

  /** Fires when the list of sessions has changed. */
  readonly onDidChange = this.#changed.event;
  /** Fires when another number of sessions is to be kept. */
  readonly onDidChangeLimit = this.#limitChanged.event;

  constructor(store: SessionStore, gateways: Gateways, log: Log) {
    this.#store = store;
    this.#gateways = gateways;
    this.#log = log;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(`${SETTINGS.section}.${SETTINGS.sessionsKept}`)) return;
      this.#cleanedAt = 0;
      this.#limitChanged.fire();
    });
  }

  /** A session in which nothing was asked yet. */
  begin(): Session {
    return new Session(this.#gateways, this.#log);
  }

  /** All that are stored, what happened last first. */
  list(): Promise<readonly FoundHead[]> {
    return this.#store.list();
  }

  /** A stored session, to be looked at only. */
  async read(id: string): Promise<{ readonly state: SessionState; readonly images: ImageStore } | undefined> {
    const opened = await this.#store.read(id);
    if (opened === undefined) return undefined;
    const { state, pictures } = opened.session;
    return { state, images: new ImageStore(pictures, opened.load) };
  }

  /** What was sent in the newest of them. */
  async prompts(): Promise<readonly SentPrompt[]> {
    const sent: SentPrompt[] = [];
    for (const { id } of (await this.list()).slice(0, MOST_REMEMBERED)) {
      const session = await this.#store.readText(id);
      const texts = new Map(session?.messages.map(({ runId, text }) => [runId, text]));
      for (const run of session?.state.runs ?? [])
        sent.push({ text: texts.get(run.id) ?? run.prompt, at: run.requestedAt });
    }
    return sent;
  }

  /** A stored session; undefined where it is stored no more, `elsewhere` where another window has it open. */
  async open(id: string): Promise<Session | 'elsewhere' | undefined> {
    const head = await this.#store.head(id);
    if (head?.elsewhere) return 'elsewhere';
    return this.#session(await this.#store.read(id));
  }

  /** As {@link open}; a window that is being reloaded may still be about to let go of it, and is waited for. */
  async reopen(id: string): Promise<Session | 'elsewhere' | undefined> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const session = await this.open(id);
      if (session !== 'elsewhere' || Date.now() > until) return session;
      await sleep(100);
    }
  }

  /** A copy of a session, called so; undefined where it is stored no more. */
  async copy(id: string): Promise<Session | undefined> {
    const session = await this.#session(await this.#store.copy(id));
    session?.rename(vscode.l10n.t('{0} (copy)', session.title));
    return session;
  }

  /** Keeps an open session on disk from now on. */
  keep(session: Session): OpenSession {
    const keeper = new SessionKeeper(session, this.#store, {
      enabled: () => readKeptSessions() > 0,
      stored: () => this.#changed.fire(),
      failed: (error) => this.#failed(error),
    });
    session.onEvents(() => keeper.changed());
    session.onDidKeep(() => keeper.changed());
    // From now on it is this window's.
    void keeper.save();
    return new OpenSession(session, keeper);
  }

  /** Gives a session that is not open another title. */
  async rename(id: string, title: string): Promise<void> {
    await this.#store.rename(id, title.slice(0, LONGEST_TITLE));
    this.#changed.fire();
  }

  async remove(id: string): Promise<void> {
    await this.#store.remove(id);
    this.#changed.fire();
  }

  /** @param inUse ids of sessions that stay */
  async clear(inUse: ReadonlySet<string>): Promise<void> {
    await this.#store.clear(inUse);
    this.#changed.fire();
  }

  /** Removes the oldest sessions beyond the limits, now and then. @param inUse ids of sessions that stay. Never rejects. */
  async clean(inUse: ReadonlySet<string>): Promise<void> {
    if (Date.now() - this.#cleanedAt < CLEANING_PAUSE) return;
    this.#cleanedAt = Date.now();
    try {
      if (await this.#store.clean(readKeptSessions(), inUse)) this.#changed.fire();
    } catch (error) {
      // Whatever is too much now is removed the next time.
      this.#log.warn(describeForLog(error));
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#limitChanged.dispose();
    this.#changed.dispose();
  }

  async #session(opened: OpenedSession | undefined): Promise<Session | undefined> {
    if (opened === undefined) return undefined;
    const waiting = await reattach(opened.session.waiting, opened.load);
    return new Session(this.#gateways, this.#log, opened, waiting);
  }

  #failed(error: unknown): void {
    this.#log.error(describeForLog(error));
    if (this.#warned) return;
    this.#warned = true;
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'Sessions cannot be stored on this machine now and end with the window. The log has the details.',
      ),
    );
  }
}
