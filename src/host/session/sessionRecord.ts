import { DEFAULT_LIFE } from '../../core/containerLife.ts';
import type { RunEvent } from '../../core/events.ts';
import { internImages } from '../../core/images.ts';
import { hasEnded } from '../../core/runState.ts';
import {
  containerOf,
  type RunEntry,
  reduceSession,
  type SessionEvent,
  type SessionState,
} from '../../core/session.ts';
import { ImageStore } from './imageStore.ts';

/** All that is known of a session, its pictures aside from the rest; tells of each change. */
export class SessionRecord {
  readonly images: ImageStore;
  readonly #changed: (events: readonly SessionEvent[]) => void;
  #state: SessionState;

  /** @param changed called with what changed, after {@link state} */
  constructor(
    state: SessionState,
    changed: (events: readonly SessionEvent[]) => void,
    images = new ImageStore(),
  ) {
    this.#state = state;
    this.images = images;
    this.#changed = changed;
  }

  get state(): SessionState {
    return this.#state;
  }

  apply(...events: readonly SessionEvent[]): void {
    let next = this.#state;
    for (const event of events) next = reduceSession(next, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#changed(events);
  }

  /** Takes in what a gateway said of a run, and which container it worked in. */
  applyRun(runId: string, events: readonly RunEvent[]): void {
    const at = Date.now();
    const intern = (url: string) => this.images.intern(url);
    this.apply(
      ...events.map(
        (event) => ({ type: 'run.event', runId, event: internImages(event, intern), at }) as const,
      ),
    );
    const run = this.run(runId);
    const containerId = run && containerOf(run);
    if (containerId && containerId !== this.#state.container?.id) this.useContainer(containerId);
  }

  /** The session works in this container, as of now. */
  useContainer(id: string): void {
    const known = this.#state.container;
    const lifeMinutes = (known?.id === id && known.lifeMinutes) || DEFAULT_LIFE;
    this.apply({ type: 'session.container', container: { id, lastUsedAt: Date.now(), lifeMinutes } });
  }

  /** The gateway refused a container's files until it was reminded whose it is: said in the latest run of the session in it. */
  accessRestored(containerId: string): void {
    const run = this.#state.runs.at(-1);
    if (run === undefined || containerId !== this.#state.container?.id) return;
    this.apply({ type: 'run.notice', runId: run.id, notice: { kind: 'access_restored' } });
  }

  run(runId: string): RunEntry | undefined {
    return this.#state.runs.findLast((run) => run.id === runId);
  }

  hasEnded(runId: string): boolean {
    const run = this.run(runId);
    return run !== undefined && hasEnded(run.state);
  }
}
