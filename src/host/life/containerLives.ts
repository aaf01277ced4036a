import { type ContainerLife, DEFAULT_LIFE, laterOf, nextChange } from '../../core/containerLife.ts';

/** Where lives outlast a reload of the window. */
export interface LivesStore {
  read(): Promise<readonly ContainerLife[]>;
  /** Adds what is known here to what other windows know. */
  write(lives: readonly ContainerLife[]): Promise<void>;
}

/** What is told of a use, beside its time. */
export interface Use {
  /** What the session that used the container is called. */
  readonly title?: string;
  /** At a gateway that ends with the window: nothing to remember. */
  readonly local: boolean;
}

/** ms in which uses are gathered before they are written. */
const WRITE_AFTER = 500;

/** ms in which uses are gathered before they are told. */
const TELL_AFTER = 100;

/** ms that a timer can wait at most (the limit of `setTimeout`). */
const LONGEST_WAIT = 2 ** 31 - 1;

/** A clock for each container from our own last use of it. Asks nothing of any gateway. */
export class ContainerLives {
  readonly #store: LivesStore;
  readonly #failed: (error: unknown) => void;
  readonly #lives = new Map<string, ContainerLife>();
  /** Ids of those that end with the window. */
  readonly #local = new Set<string>();
  /** What they say of how long they live, in minutes; undefined where they were asked and do not say. */
  readonly #told = new Map<string, number | undefined>();
  readonly #listeners = new Set<(containerId: string) => void>();
  /** Ids of those to be told of next. */
  readonly #due = new Set<string>();
  #soon: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;
  #writing: NodeJS.Timeout | undefined;

  /** @param failed told where lives could not be read or written; the clocks go on */
  constructor(store: LivesStore, failed: (error: unknown) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  /** Takes in what was known before the window was loaded. */
  async load(): Promise<void> {
    try {
      for (const life of await this.#store.read()) this.#put(life);
    } catch (error) {
      this.#failed(error);
    }
  }

  get(containerId: string): ContainerLife | undefined {
    return this.#lives.get(containerId);
  }

  all(): readonly ContainerLife[] {
    return [...this.#lives.values()];
  }

  /** Whether a container has said how long it lives; otherwise the usual is taken. */
  isTold(containerId: string): boolean {
    return this.#told.has(containerId);
  }

  /** Calls `listener` when a container was used, and whenever what is left of its life is another in minutes or phase. */
  onDidChange(listener: (containerId: string) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** The container is used now. */
  used(containerId: string, { title = '', local }: Use): void {
    if (local) this.#local.add(containerId);
    const known = this.#lives.get(containerId)?.lifeMinutes ?? this.#told.get(containerId);
    const lifeMinutes = known || DEFAULT_LIFE;
    this.#put({ containerId, usedAt: Date.now(), lifeMinutes, title });
  }

  /** The container says how long it lives; undefined where it was asked and does not say. */
  told(containerId: string, lifeMinutes: number | undefined): void {
    this.#told.set(containerId, lifeMinutes);
    const life = this.#lives.get(containerId);
    if (life === undefined || lifeMinutes === undefined || life.lifeMinutes === lifeMinutes) return;
    this.#put({ ...life, lifeMinutes });
  }

  /** The container is gone, whatever its clock says. */
  ended(containerId: string): void {
    const life = this.#lives.get(containerId);
    if (life === undefined || life.lifeMinutes === 0) return;
    this.#put({ ...life, usedAt: Date.now(), lifeMinutes: 0 });
  }

  /** Stops the clocks; resolves when what is known has been written. */
  async close(): Promise<void> {
    clearTimeout(this.#soon);
    clearTimeout(this.#tick);
    this.#listeners.clear();
    if (this.#writing !== undefined) await this.#write();
  }

  #put(life: ContainerLife): void {
    const { containerId } = life;
    const known = this.#lives.get(containerId);
    this.#lives.set(containerId, known ? laterOf(known, life) : life);
    if (!this.#local.has(containerId)) this.#writing ??= setTimeout(() => this.#write(), WRITE_AFTER);
    // Many files may be looked at together.
    this.#due.add(containerId);
    this.#soon ??= setTimeout(() => this.#tell(), TELL_AFTER);
  }

  #tell(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    const due = [...this.#due];
    this.#due.clear();
    this.#wait();
    for (const id of due) for (const listener of this.#listeners) listener(id);
  }

  /** Waits for the next moment at which there is something to tell. */
  #wait(): void {
    clearTimeout(this.#tick);
    const now = Date.now();
    const changes = [...this.#lives.values()].flatMap((life) => {
      const at = nextChange(life, now);
      return at === undefined ? [] : [{ id: life.containerId, at }];
    });
    const next = Math.min(...changes.map(({ at }) => at));
    if (!Number.isFinite(next)) return;
    for (const { id, at } of changes) if (at === next) this.#due.add(id);
    this.#tick = setTimeout(() => this.#tell(), Math.min(next - now, LONGEST_WAIT));
    this.#tick.unref();
  }

  async #write(): Promise<void> {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    try {
      await this.#store.write(this.all().filter(({ containerId }) => !this.#local.has(containerId)));
    } catch (error) {
      this.#failed(error);
    }
  }
}
