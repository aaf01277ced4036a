import { ApiError, notFound } from '../http/apiError.ts';
import { type Clock, seconds } from '../ids.ts';
import type { StartPython } from '../python.ts';
import type { Blobs } from './blobs.ts';
import { Container, type ContainerSettings } from './container.ts';
import type { FileRecord } from './records.ts';

export interface ContainersOptions {
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly startPython: StartPython;
  readonly runSeconds: number;
  /** How many Pythons may live at once: each takes 160 MB to 770 MB (measured). */
  readonly mostAwake: number;
  readonly log: (line: string) => void;
}

/** Beyond these the oldest expired ones are forgotten, and no more can be made. */
const MOST_EXPIRED_LISTED = 50;
const MOST_RUNNING = 100;

/** All containers of this gateway. */
export class Containers {
  readonly #options: ContainersOptions;
  readonly #all = new Map<string, Container>();
  #making: Promise<void> = Promise.resolve();

  constructor(options: ContainersOptions) {
    this.#options = options;
  }

  /** @throws ApiError 429 where there are too many */
  create(settings: ContainerSettings): Container {
    const running = this.list().filter((container) => !container.expired);
    if (running.length >= MOST_RUNNING) throw tooMany('There are too many containers. Delete some of them.');
    const { mostAwake: _, log: __, ...parts } = this.#options;
    const container = new Container(settings, { ...parts, beforeStart: (asking) => this.#makeRoom(asking) });
    this.#all.set(container.id, container);
    return container;
  }

  /** Oldest first, expired ones included. */
  list(): readonly Container[] {
    return [...this.#all.values()];
  }

  find(id: string): Container | undefined {
    return this.#all.get(id);
  }

  /** @throws ApiError 404 */
  get(id: string): Container {
    const container = this.#all.get(id);
    if (container) return container;
    throw notFound(`Container with id '${id.slice(0, 100)}' not found.`);
  }

  async delete(id: string): Promise<void> {
    const container = this.get(id);
    this.#all.delete(id);
    await container.close();
  }

  /** @throws ApiError 429 where a run could not get a Python now */
  checkRoom(container: Container | undefined): void {
    if (container?.awake) return;
    const awake = this.#awake();
    if (awake.length >= this.#options.mostAwake && awake.every((other) => other.busy)) throw tooManyRuns();
  }

  /** Frees what expired ones hold. To be called now and then. */
  async sweep(): Promise<void> {
    const expired = this.list().filter((container) => container.expired);
    for (const container of expired) await container.close();
    for (const container of expired.slice(0, Math.max(0, expired.length - MOST_EXPIRED_LISTED))) {
      this.#all.delete(container.id);
    }
  }

  async close(): Promise<void> {
    const all = this.list();
    this.#all.clear();
    await Promise.all(all.map((container) => container.close()));
  }

  #awake(): readonly Container[] {
    return this.list().filter((container) => container.awake);
  }

  /** One at a time: two containers that start at once must not both count on the same free place. */
  async #makeRoom(asking: Container): Promise<void> {
    const turn = this.#making.then(async () => {
      const others = this.#awake().filter((container) => container !== asking);
      if (others.length < this.#options.mostAwake) return;
      const idle = others
        .filter((container) => !container.busy)
        .toSorted((a, b) => a.lastActiveAt - b.lastActiveAt)[0];
      if (idle === undefined) throw tooManyRuns();
      this.#options.log(
        `container ${idle.id.slice(0, 13)}… put to sleep: ${others.length} Pythons are alive`,
      );
      await idle.sleep();
    });
    this.#making = turn.catch(() => undefined);
    await turn;
  }
}

function tooManyRuns(): ApiError {
  return tooMany(
    'Too many runs at once: every Python that may be alive is busy. Try again when one has ended.',
  );
}

function tooMany(message: string): ApiError {
  return new ApiError(429, message, { type: 'requests', code: 'rate_limit_exceeded' });
}

/** A container as the API shows it. */
export function containerToWire(container: Container): object {
  return {
    id: container.id,
    object: 'container',
    created_at: seconds(container.createdAt),
    status: container.expired ? 'expired' : 'running',
    expires_after: { anchor: 'last_active_at', minutes: container.settings.minutes },
    last_active_at: seconds(container.lastActiveAt),
    memory_limit: container.settings.memoryLimit,
    name: container.settings.name,
    network_policy: { type: 'disabled' },
  };
}

/** A container's file as the API shows it. `bytes` is known here also for files that code made. */
export function containerFileToWire(containerId: string, record: FileRecord): { readonly id: string } {
  const wire = {
    id: record.id,
    object: 'container.file',
    created_at: seconds(record.createdAt),
    bytes: record.size,
    container_id: containerId,
    path: record.path,
    source: record.source,
  };
  return wire;
}
