import { randomUUID } from 'node:crypto';
import { activeRun, type SessionState } from '../../core/session.ts';
import { headOf, type StoredSession } from '../../core/stored/storedSession.ts';
import { SIGN_EVERY } from './heads.ts';
import type { SessionStore } from './sessionStore.ts';

/** ms between a change and its write, so that many changes are one write. */
const PAUSE = 300;
/** A write may take a twentieth of the time: a large session that streams is written less often. */
const REST_PER_WORK = 20;
const LONGEST_PAUSE = 5_000;

/** A session that goes on. */
export interface LiveSession {
  readonly state: SessionState;
  /** All there is to store of it now, but for the bytes of pictures and inputs. */
  readonly stored: StoredSession;
  /** Bytes that are not on disk yet. */
  bytesOf(sha256: string): Uint8Array | undefined;
}

/** What a keeper tells of. */
export interface KeeperHost {
  /** Whether sessions are stored at all. */
  enabled(): boolean;
  /** Something was stored that a list of sessions shows. */
  stored(): void;
  failed(error: unknown): void;
}

/** Keeps one open session on disk as it goes on. */
export class SessionKeeper {
  readonly #session: LiveSession;
  readonly #store: SessionStore;
  readonly #host: KeeperHost;
  #id: string;
  #timer: NodeJS.Timeout | undefined;
  readonly #signs: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #pause = PAUSE;
  /** What a list shows of the session, as it was last stored. */
  #shown = '';
  #over = false;
  /** Whether a run was under way when the session last changed. */
  #running: boolean;

  constructor(session: LiveSession, store: SessionStore, host: KeeperHost) {
    this.#session = session;
    this.#store = store;
    this.#host = host;
    this.#id = session.state.id;
    this.#running = activeRun(session.state) !== undefined;
    this.#signs = setInterval(() => {
      this.#store.touch(this.#id).catch((error: unknown) => this.#host.failed(error));
    }, SIGN_EVERY);
    // It keeps nothing alive but the session.
    this.#signs.unref();
  }

  /** Under which it is stored: the session's own, unless another window has taken that. */
  get id(): string {
    return this.#id;
  }

  /**
   * The session has changed: it is stored soon; at once where a run has begun or ended, which is there then also when
   * the window is gone in the next moment.
   */
  changed(): void {
    const running = activeRun(this.#session.state) !== undefined;
    if (running !== this.#running) {
      this.#running = running;
      void this.save();
      return;
    }
    if (this.#over || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.save(), this.#pause);
  }

  /** Stores the session as it is now. Never rejects. */
  save(): Promise<void> {
    return this.#write(true);
  }

  /** Stores the session for the last time: whoever wants may open it from then on. Never rejects. */
  async release(): Promise<void> {
    if (this.#over) return this.#writing;
    const last = this.#write(false);
    clearInterval(this.#signs);
    this.#over = true;
    await last;
  }

  /** Stores nothing more. Fulfilled when no write is under way. */
  async discard(): Promise<void> {
    this.#over = true;
    clearTimeout(this.#timer);
    clearInterval(this.#signs);
    await this.#writing;
  }

  #write(open: boolean): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#over) this.#writing = this.#writing.then(() => this.#writeNow(open));
    return this.#writing;
  }

  async #writeNow(open: boolean): Promise<void> {
    if (!this.#host.enabled()) return;
    const began = performance.now();
    try {
      const { stored } = this.#session;
      // A session in which nothing was asked and nothing waits is nothing to come back to.
      if (stored.state.runs.length === 0 && stored.waiting.length === 0) {
        await this.#store.forget(this.#id);
        return;
      }
      const writable = { stored, bytesOf: (sha256: string) => this.#session.bytesOf(sha256) };
      if (!(await this.#store.write(this.#id, writable, open))) {
        // Another window has it by now: what was done here goes on as a session of its own.
        const copy = randomUUID();
        await this.#store.copyBlobs(this.#id, copy);
        this.#id = copy;
        await this.#store.write(copy, writable, open);
      }
      const { updatedAt, ...shown } = headOf(stored, undefined);
      if (JSON.stringify(shown) !== this.#shown) this.#host.stored();
      this.#shown = JSON.stringify(shown);
    } catch (error) {
      this.#host.failed(error);
    }
    const took = performance.now() - began;
    this.#pause = Math.min(Math.max(PAUSE, took * REST_PER_WORK), LONGEST_PAUSE);
  }
}
