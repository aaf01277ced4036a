import { randomUUID } from 'node:crypto';
import type { AttachedPath } from '../../core/attached.ts';
import { GatewayError } from '../../core/errors.ts';
import type { RunError, RunEvent } from '../../core/events.ts';
import { hasEnded } from '../../core/runState.ts';
import { canResume, type GatewayLabel, type Notice, type RenewedNotice } from '../../core/session.ts';
import { abortable } from '../abortable.ts';
import type { Gateway } from '../gateways/gateways.ts';
import type { Said } from '../inputs/messageGuard.ts';
import type { Settings } from '../settings.ts';
import { Aftermath } from './aftermath.ts';
import { type Attachments, toShow } from './attachments.ts';
import type { Chain } from './chain.ts';
import { doesNotKnow, refuseGone } from './refusals.ts';
import { type AskOptions, type SentMessage, SentMessages } from './sentMessages.ts';
import type { SessionRecord } from './sessionRecord.ts';
import { type Destination, SendDeclined, Uploader, type UploaderHost } from './uploader.ts';

/** ms that a connection may stay open after the run's end was told. */
const GRACE = 500;
/** ms for the gateway to confirm that a run in the background is to end. */
const CANCEL_TIMEOUT = 15_000;

/** Why nobody listens any more: the window is closing. */
const LEFT = new Error('The window is closing.');

const CUT: RunEvent = { type: 'run.cut', error: { kind: 'stream_cut' } };

/** What running needs of the editor and of the session around it. */
export interface RunnerHost extends UploaderHost {
  /** The gateway that the session is at. @throws GatewayError */
  gateway(): Promise<Gateway>;
  /** @throws GatewayError */
  model(gateway: Gateway, signal: AbortSignal): Promise<string>;
  settings(): Pick<Settings, 'streaming' | 'background'>;
  /** Whether the person lets a message leave. */
  mayBeSaid(said: Said, to: GatewayLabel): Promise<boolean>;
  /** A run has worked in this container. */
  containerUsed(containerId: string): void;
  /** Writes an error that is shown otherwise, or need not be, to the log. */
  log(level: 'warn' | 'error', error: unknown): void;
}

/** Runs the requests of one session, one at a time: from the upload of what is attached to the list of what was made. */
export class Runner {
  readonly #record: SessionRecord;
  readonly #chain: Chain;
  readonly #attachments: Attachments;
  readonly #host: RunnerHost;
  readonly sent: SentMessages;
  readonly #uploader: Uploader;
  readonly #aftermath: Aftermath;
  #stop: AbortController | undefined;
  /** The latest run's request has left. */
  #posted = false;

  constructor(record: SessionRecord, chain: Chain, attachments: Attachments, host: RunnerHost) {
    this.#record = record;
    this.#chain = chain;
    this.#attachments = attachments;
    this.#host = host;
    this.sent = new SentMessages(record, chain);
    this.#uploader = new Uploader(record, chain, host);
    this.#aftermath = new Aftermath(record, chain, host);
  }

  /** Runs a prompt to its end. Never rejects: failures are in the record. */
  async ask(prompt: string, options: AskOptions): Promise<void> {
    await this.#start(prompt, { text: options.input ?? prompt, options, files: [] });
  }

  /** Asks again what a run asked. */
  async retry(runId: string): Promise<void> {
    const run = this.#record.run(runId);
    const sent = this.sent.get(runId);
    if (run && sent) await this.#start(run.prompt, sent);
  }

  /** What a run sent, without the list of its files; undefined where it is not known. */
  textOf(runId: string): string | undefined {
    return this.sent.get(runId)?.text;
  }

  /** Asks the gateway how a cut run went on, and shows it in that run. Sends no request anew. */
  async resume(runId: string): Promise<void> {
    const run = this.#record.run(runId);
    const responseId = run?.state.responseId;
    if (run === undefined || responseId === undefined || !canResume(run)) return;
    const { lastSequence } = run.state;
    this.#record.applyRun(runId, [{ type: 'run.resumed' }]);
    const work = async (stop: AbortSignal) => {
      const { client } = await abortable(this.#host.gateway(), stop);
      const from = lastSequence === undefined ? {} : { startingAfter: lastSequence };
      await this.#follow(runId, stop, (signal) => client.resume(responseId, from, signal)).catch((error) => {
        if (!doesNotKnow(error)) throw error;
        this.#host.log('warn', error);
        this.#notice(runId, { kind: 'end_unknown' });
      });
    };
    // Who stops asking does not stop the run, unless it is one that can be stopped.
    const stopped = async () => {
      if (run.background) await this.#cancel(runId);
      else this.#record.applyRun(runId, [CUT]);
    };
    await this.#conduct(runId, work, stopped);
  }

  /** Stops the run under way: closes its request, and ends it at the gateway where it would go on. What has arrived is kept. */
  stop(): void {
    this.#stop?.abort();
  }

  /** Listens no longer to the run under way, which is not told to stop: it may go on at the gateway. */
  leave(): void {
    this.#stop?.abort(LEFT);
  }

  /**
   * Leaves the container, if there is one, for a new one with all files that were sent.
   *
   * @param uploading told how far the uploads have come
   * @throws GatewayError; SendDeclined; the signal's reason
   */
  async renew(stop: AbortSignal, uploading: Destination['uploading']): Promise<RenewedNotice> {
    if (this.#chain.loss === undefined) this.#chain.lose('expired');
    return this.#uploader.renew(await this.#destination(stop, uploading));
  }

  async #destination(stop: AbortSignal, uploading: Destination['uploading']): Promise<Destination> {
    const gateway = await abortable(this.#host.gateway(), stop);
    const model = await this.#host.model(gateway, stop);
    this.#record.apply({ type: 'session.gateway', gateway: { ...gateway.label, model } });
    return { client: gateway.client, gateway: gateway.label, model, stop, uploading };
  }

  async #start(prompt: string, sent: SentMessage): Promise<void> {
    const runId = randomUUID();
    const { background } = this.#host.settings();
    const attached = sent.options.withoutAttachments ? [] : this.#attachments.take();
    this.#posted = false;
    this.sent.set(runId, sent);
    this.#record.apply({
      type: 'run.requested',
      runId,
      prompt,
      attachments: attached.map(toShow),
      background,
      at: Date.now(),
    });
    let waiting = attached;
    const work = async (stop: AbortSignal) => {
      const to = await this.#destination(stop, (upload) =>
        this.#record.apply({ type: 'run.upload', runId, upload }),
      );
      const said = { text: sent.text, origin: sent.options.origin };
      if (!(await abortable(this.#host.mayBeSaid(said, to.gateway), stop))) throw new SendDeclined();
      const attempt = async () => {
        const renewed = await this.#uploader.restore(to);
        if (renewed) this.#notice(runId, renewed);
        const { placed, leftOut } = await this.#uploader.put(waiting, to);
        waiting = [];
        if (leftOut.length > 0) this.#notice(runId, { kind: 'files_left_out', names: leftOut });
        await this.#send(runId, placed, to);
      };
      try {
        await attempt();
      } catch (error) {
        const left = this.#leave(runId, error);
        if (left === undefined) throw error;
        this.#host.log('warn', error);
        if (left === 'answers') this.#notice(runId, { kind: 'answers_retold' });
        await attempt();
      }
    };
    await this.#conduct(runId, work, () => this.#cancel(runId));
    // What was not sent waits for the next message.
    if (waiting.length > 0) this.#attachments.add(waiting);
  }

  /** Sees a run through to an end that is in the record, whatever `work` does. */
  async #conduct(
    runId: string,
    work: (stop: AbortSignal) => Promise<void>,
    stopped: () => Promise<void>,
  ): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    try {
      await work(stop.signal);
      this.#record.applyRun(runId, [CUT]);
    } catch (error) {
      if (!this.#record.hasEnded(runId)) {
        if (stop.signal.reason === LEFT) return;
        if (stop.signal.aborted || error instanceof SendDeclined) await stopped();
        else this.#fail(runId, error);
      }
    } finally {
      this.#record.images.forgetTexts();
      if (this.#stop === stop) this.#stop = undefined;
    }
    await this.#aftermath.settle(runId);
  }

  /** Takes in what the gateway says of a run until it has said the end. */
  async #follow(
    runId: string,
    stop: AbortSignal,
    open: (signal: AbortSignal) => AsyncIterable<readonly RunEvent[]>,
  ): Promise<void> {
    // What a gateway leaves open after it has said how the run ended is closed.
    const over = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    try {
      for await (const batch of open(AbortSignal.any([stop, over.signal]))) {
        if (this.#isUntouched(runId)) refuseGone(batch);
        this.#record.applyRun(runId, batch);
        if (this.#record.hasEnded(runId)) timer ??= setTimeout(() => over.abort(), GRACE);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param files what was put into the container for this run */
  async #send(
    runId: string,
    files: readonly AttachedPath[],
    { client, model, stop }: Destination,
  ): Promise<void> {
    const message = this.sent.compose(runId, files);
    const run = this.#record.run(runId);
    if (message === undefined || run === undefined) return;
    const { streaming } = this.#host.settings();
    const request = {
      model,
      ...message,
      containerId: this.#chain.containerId,
      previousResponseId: this.#chain.previousResponseId,
      stream: streaming,
      background: run.background,
    };
    this.#posted = true;
    await this.#follow(runId, stop, (signal) => client.run(request, signal));
  }

  /** Leaves what a request failed on that has done nothing; undefined where it failed on something else. */
  #leave(runId: string, error: unknown): 'container' | 'answers' | undefined {
    const refused = error instanceof GatewayError && this.#isUntouched(runId);
    return refused ? this.#chain.leave(error.kind) : undefined;
  }

  /** Whether the gateway has said nothing yet that shows that the run began. */
  #isUntouched(runId: string): boolean {
    const state = this.#record.run(runId)?.state;
    return (
      state !== undefined && state.responseId === undefined && state.items.length === 0 && !hasEnded(state)
    );
  }

  #fail(runId: string, error: unknown): void {
    this.#host.log('error', error);
    const known: RunError = error instanceof GatewayError ? error.toRunError() : { kind: 'not_understood' };
    const begun = this.#record.run(runId)?.state.responseId !== undefined;
    this.#record.applyRun(runId, [{ type: begun ? 'run.cut' : 'run.failed', error: known }]);
  }

  /** The person stopped the run. One in the background goes on when nobody listens, until the gateway is told. */
  async #cancel(runId: string): Promise<void> {
    const run = this.#record.run(runId);
    this.#record.applyRun(runId, [{ type: 'run.cancelled' }]);
    if (!run?.background) return;
    const { responseId, waiting } = run.state;
    const unsent = !this.#posted || waiting !== undefined;
    if (responseId === undefined && unsent) return;
    try {
      if (responseId === undefined) throw new Error('A run was stopped before the gateway had told its id.');
      const { client } = await this.#host.gateway();
      await client.cancel(responseId, AbortSignal.timeout(CANCEL_TIMEOUT));
    } catch (error) {
      this.#host.log('warn', error);
      this.#notice(runId, { kind: 'not_cancelled' });
    }
  }

  #notice(runId: string, notice: Notice): void {
    this.#record.apply({ type: 'run.notice', runId, notice });
  }
}
