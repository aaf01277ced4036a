import { notFound, tooMany } from '../http/apiError.ts';
import { seconds } from '../ids.ts';
import { Container, type ContainerParts, type ContainerSettings } from './container.ts';
import { Places, tooManyRuns } from './places.ts';
import type { FileRecord } from './records.ts';

export interface ContainersOptions extends Omit<ContainerParts, 'beforeStart'> {
  /** How many Pythons may live at once: each takes 160 MB to 770 MB (measured). */
  readonly mostAwake: number;
  /** How many may be there that have not expired. */
  readonly mostContainers: number;
  readonly log: (line: string) => void;
}

/** Beyond these the oldest expired ones are forgotten. */
const MOST_EXPIRED_LISTED = 50;

/** Seconds after which it is worth asking again: a container lives on for minutes. */
const CONTAINER_ENDS_IN = 60;

/** All containers of this gateway. */
export class Containers {
  readonly #options: ContainersOptions;
  readonly #all = new Map<string, Container>();
  readonly #places: Places;
  #making: Promise<void> = Promise.resolve();

  constructor(options: ContainersOptions) {
    this.#options = options;
    this.#places = new Places(options.mostAwake);
  }

  /** @throws ApiError 429 where there are too many */
  create(settings: ContainerSettings): Container {
    this.#checkCount();
    const beforeStart = (asking: Container) => this.#makeRoom(asking);
    const container = new Container(settings, { ...this.#options, beforeStart });
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

  /**
   * Takes a place among the living Pythons for a run, to be held to its end.
   *
   * @param holder gives the run's container, once it has one
   * @returns gives the place back
   * @throws ApiError 429 where there is none, or no more containers can be made and it has none
   */
  takePlace(holder: () => Container | undefined): () => void {
    if (holder() === undefined) this.#checkCount();
    return this.#places.take(holder);
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

  #checkCount(): void {
    const living = this.list().filter((container) => !container.expired);
    if (living.length < this.#options.mostContainers) return;
    throw tooMany('There are too many containers. Delete some of them.', CONTAINER_ENDS_IN);
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
        .filter((container) => !container.busy && !this.#places.has(container))
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
