import type { ErrorKind } from '../../core/events.ts';
import type { ContainerFile } from '../../core/files.ts';
import {
  activeRun,
  type ContainerLoss,
  canBeContinued,
  lastResponseId,
  type RunEntry,
} from '../../core/session.ts';
import type { StoredChain } from '../../core/stored/storedSession.ts';
import type { RememberedInputs } from './inputs.ts';
import type { SessionRecord } from './sessionRecord.ts';

/** What the next request of a session goes on from: the container with its files, and the answers before. */
export class Chain {
  readonly inputs: RememberedInputs;
  readonly #record: SessionRecord;
  /** The first run of the chain that can be continued. */
  #start = 0;
  /** Ids of the files that the container held when it was last listed. */
  #knownFiles: ReadonlySet<string> = new Set();
  #loss: ContainerLoss | undefined;
  /** Whether an answer can be continued by its id. */
  #answersKept = true;

  constructor(record: SessionRecord, inputs: RememberedInputs) {
    this.#record = record;
    this.inputs = inputs;
  }

  /** Goes on from where a stored session was. */
  restore({ start, knownFiles, loss, answersKept }: StoredChain): void {
    this.#start = start;
    this.#answersKept = answersKept;
    this.#knownFiles = new Set(knownFiles);
    this.#loss = loss;
  }

  get stored(): StoredChain {
    const knownFiles = [...this.#knownFiles];
    return { start: this.#start, knownFiles, loss: this.#loss, answersKept: this.#answersKept };
  }

  get containerId(): string | undefined {
    return this.#record.state.container?.id;
  }

  get previousResponseId(): string | undefined {
    return this.#answersKept ? lastResponseId(this.#runs) : undefined;
  }

  /** How many runs, from the first on, worked in containers that are gone. */
  get gone(): number {
    return this.#start;
  }

  /** The runs whose answers the next request continues. */
  get continued(): readonly RunEntry[] {
    return this.#runs.filter(canBeContinued);
  }

  get #runs(): readonly RunEntry[] {
    return this.#record.state.runs.slice(this.#start);
  }

  /** How the container was lost, until {@link renewed} says that this was made good. */
  get loss(): ContainerLoss | undefined {
    return this.#loss;
  }

  /** Whether there is a container, or an answer that brings one, for a request to fail on. */
  get hasContainer(): boolean {
    return this.containerId !== undefined || this.previousResponseId !== undefined;
  }

  /**
   * Leaves what a failure shows to be gone.
   *
   * @returns what that was; undefined where it has another reason
   */
  leave(kind: ErrorKind): 'container' | 'answers' | undefined {
    if (kind === 'answers_gone' && this.previousResponseId !== undefined) {
      // A gateway that lacks one answer mostly keeps none: asking with each would be refused each time.
      this.#answersKept = false;
      return 'answers';
    }
    const loss = kind === 'container_expired' ? 'expired' : kind === 'not_found' ? 'gone' : undefined;
    if (loss === undefined || !this.hasContainer) return undefined;
    this.lose(loss);
    return 'container';
  }

  /** The container is gone, and with it what could be continued: the chain begins again with the run under way. */
  lose(loss: ContainerLoss): void {
    this.#knownFiles = new Set();
    this.#start = this.#record.state.runs.length - (activeRun(this.#record.state) ? 1 : 0);
    this.#loss = loss;
    this.#record.apply({ type: 'session.container', container: undefined });
  }

  /** What was lost is in a new container again, as far as it can be. */
  renewed(): void {
    this.#loss = undefined;
  }

  /** Files that no run made: what was put into the container, or was in it already. */
  know(files: readonly { readonly id: string }[]): void {
    this.#knownFiles = new Set([...this.#knownFiles, ...files.map(({ id }) => id)]);
  }

  /** Those of a container's files that code has made since it was last listed; others may have put files into it too. */
  newOf(listed: readonly ContainerFile[]): readonly ContainerFile[] {
    const made = listed.filter((file) => !this.#knownFiles.has(file.id) && file.source !== 'user');
    this.know(listed);
    return made;
  }
}
