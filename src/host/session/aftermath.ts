import { hasEnded } from '../../core/runState.ts';
import { withheld } from '../../core/session.ts';
import type { Chain } from './chain.ts';
import type { RunnerHost } from './runner.ts';
import type { SessionRecord } from './sessionRecord.ts';

/** What is to be done once a run has ended: say what is missing of it, and list what it made. */
export class Aftermath {
  readonly #record: SessionRecord;
  readonly #chain: Chain;
  readonly #host: Pick<RunnerHost, 'gateway' | 'containerUsed' | 'log'>;

  constructor(
    record: SessionRecord,
    chain: Chain,
    host: Pick<RunnerHost, 'gateway' | 'containerUsed' | 'log'>,
  ) {
    this.#record = record;
    this.#chain = chain;
    this.#host = host;
  }

  /** Never rejects: what fails here is a notice. */
  async settle(runId: string): Promise<void> {
    const run = this.#record.run(runId);
    if (run === undefined) return;
    const notice = withheld(run, this.#record.state.container);
    if (notice) this.#record.apply({ type: 'run.notice', runId, notice });
    // The next request is not to fail on the same again. In a run that had begun, anything may be what was not found.
    const { error, responseId } = run.state;
    if (error && (error.kind !== 'not_found' || responseId === undefined)) this.#chain.leave(error.kind);
    const { containerId } = this.#chain;
    if (containerId === undefined || !hasEnded(run.state) || run.state.responseId === undefined) return;
    await this.#listFiles(runId, containerId);
    this.#host.containerUsed(containerId);
  }

  /** Files are made without being cited too: what the container holds now and did not before was made by the run. */
  async #listFiles(runId: string, containerId: string): Promise<void> {
    this.#record.useContainer(containerId);
    try {
      const { client } = await this.#host.gateway();
      const listed = await client.listFiles(containerId);
      this.#record.apply({ type: 'run.files', runId, files: this.#chain.newOf(listed), listed });
    } catch (error) {
      this.#host.log('warn', error);
      this.#record.apply({ type: 'run.notice', runId, notice: { kind: 'files_unlisted' } });
    }
  }
}
