import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { withAttachedFiles } from '../core/attached.ts';
import { GatewayError } from '../core/errors.ts';
import type { RunError, RunEvent } from '../core/events.ts';
import { internImages } from '../core/images.ts';
import { hasEnded } from '../core/runState.ts';
import {
  activeRun,
  type ContainerUse,
  containerOf,
  lastResponseId,
  missesOutputs,
  newSession,
  type RunEntry,
  reduceSession,
  type SessionEvent,
  type SessionState,
  titleOf,
} from '../core/session.ts';
import { abortable } from './abortable.ts';
import { Attachments, uploadAll } from './attachments.ts';
import type { Gateway, Gateways } from './gateways.ts';
import { ImageStore } from './imageStore.ts';
import { describeForLog, type Log } from './log.ts';
import { readSettings } from './settings.ts';

/** Minutes that a container lives after its last use, where it does not say (wire.md, section 4). */
const DEFAULT_LIFE = 20;

/** ms that a connection may stay open after the run's end was told. */
const GRACE = 500;
export interface AskOptions {
  /** What is sent, where that is more than what is shown as the prompt. */
  readonly input?: string;
  /** Makes the model run code rather than only answer. */
  readonly forceCode?: boolean;
}

/**
 * One chain of runs: holds the truth, talks to the gateway, tells whoever listens. Knows no panel.
 */
export class Session implements vscode.Disposable {
  readonly images = new ImageStore();
  readonly attachments: Attachments;
  readonly #gateways: Gateways;
  readonly #log: Log;
  readonly #events = new vscode.EventEmitter<readonly SessionEvent[]>();
  readonly #used = new vscode.EventEmitter<ContainerUse>();
  #state: SessionState;
  /** Fixed by the first run: a chain cannot move to another gateway. */
  #gateway: Gateway | undefined;
  /** What each run sent, for sending it again. */
  readonly #sent = new Map<string, { readonly input: string; readonly options: AskOptions }>();
  #stop: AbortController | undefined;
  #title = '';
  /** The local gateway was started anew, and no run has said so yet. */
  #restarted = false;
  /** The first run of the chain that can be continued. */
  #chainStart = 0;
  /** Ids of the files that the container held when it was last listed. */
  #knownFiles: ReadonlySet<string> = new Set();

  /** Fires with what changed, after {@link state}. */
  readonly onEvents = this.#events.event;
  /** Fires when a run has used a container. */
  readonly onDidUseContainer = this.#used.event;

  constructor(gateways: Gateways, log: Log) {
    this.#gateways = gateways;
    this.#log = log;
    this.#state = newSession(randomUUID(), gateways.label());
    this.attachments = new Attachments((attachments) =>
      this.#emit({ type: 'session.attachments', attachments }),
    );
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The first words of the first prompt; empty before it. */
  get title(): string {
    return this.#title;
  }

  get running(): boolean {
    return activeRun(this.#state) !== undefined;
  }

  /**
   * The gateway that the session's container is at; the one in use before anything was run. A key that was changed
   * since is the new one.
   *
   * @throws GatewayError
   */
  async gateway(): Promise<Gateway> {
    const bound = this.#gateway;
    if (bound && this.#hasBegun() && !this.#gateways.isInUse(bound)) return bound;
    const current = await this.#gateways.current();
    if (bound === undefined || bound.id === current.id || !this.#hasBegun()) this.#gateway = current;
    else if (bound.label.local && current.label.local) this.#leaveDeadGateway(current);
    return this.#gateway ?? current;
  }

  /** Binds a session without runs to a container that exists. @param files what is in it already */
  adopt(gateway: Gateway, containerId: string, files: readonly { readonly id: string }[]): void {
    this.#gateway = gateway;
    this.#knownFiles = new Set(files.map((file) => file.id));
    this.#useContainer(containerId);
  }

  /** Follows the settings as long as nothing was run. */
  gatewayChanged(): void {
    if (this.#state.runs.length > 0 || this.#state.container) return;
    this.#gateway = undefined;
    this.#emit({ type: 'session.gateway', gateway: this.#gateways.label() });
  }

  /** Runs a prompt to its end. Does nothing while another run is under way. Never rejects: failures are in the state. */
  async ask(prompt: string, options: AskOptions = {}): Promise<void> {
    await this.#start(prompt, options, undefined);
  }

  /** Asks again what a run asked. */
  async retry(runId: string): Promise<void> {
    const run = this.#run(runId);
    const sent = this.#sent.get(runId);
    if (run) await this.#start(run.prompt, sent?.options ?? {}, sent?.input);
  }

  /** @param again the whole input where it was sent before: its attachments are in the container already */
  async #start(prompt: string, options: AskOptions, again: string | undefined): Promise<void> {
    if (this.running) return;
    const runId = randomUUID();
    const attached = this.attachments.take();
    let uploaded = false;
    const stop = new AbortController();
    this.#stop = stop;
    this.#title ||= titleOf(prompt);
    const text = again ?? options.input ?? prompt;
    this.#sent.set(runId, { input: text, options });
    // What a gateway leaves open after it has said how the run ended is closed.
    const over = new AbortController();
    const signal = AbortSignal.any([stop.signal, over.signal]);
    let timer: NodeJS.Timeout | undefined;
    this.#emit({
      type: 'run.requested',
      runId,
      prompt,
      attachments: attached.map(({ id, name, size }) => ({ id, name, size })),
      at: Date.now(),
    });
    try {
      const gateway = await abortable(this.gateway(), stop.signal);
      if (this.#restarted) this.#emit({ type: 'run.notice', runId, notice: 'local_restarted' });
      this.#restarted = false;
      const model = await this.#gateways.model(gateway, stop.signal);
      this.#emit({ type: 'session.gateway', gateway: { ...gateway.label, model } });
      const inputs =
        attached.length === 0
          ? []
          : await uploadAll(
              gateway.client,
              await this.#containerFor(gateway, model, stop.signal),
              attached,
              stop.signal,
            );
      this.#knownFiles = new Set([...this.#knownFiles, ...inputs.map(({ id }) => id)]);
      uploaded = true;
      const input = withAttachedFiles(text, inputs);
      this.#sent.set(runId, { input, options });
      const batches = gateway.client.run(
        {
          model,
          input,
          containerId: this.#state.container?.id,
          previousResponseId: lastResponseId(this.#state.runs.slice(this.#chainStart)),
          forceCode: options.forceCode ?? false,
          stream: readSettings().streaming,
        },
        signal,
      );
      for await (const batch of batches) {
        this.#apply(runId, batch);
        if (this.#hasEnded(runId)) timer ??= setTimeout(() => over.abort(), GRACE);
      }
      this.#apply(runId, [{ type: 'run.cut', error: { kind: 'stream_cut' } }]);
    } catch (error) {
      if (!uploaded) this.attachments.add(attached);
      if (!this.#hasEnded(runId)) this.#fail(runId, error, stop.signal);
    } finally {
      clearTimeout(timer);
      this.images.forgetTexts();
      if (this.#stop === stop) this.#stop = undefined;
    }
    const run = this.#run(runId);
    if (run && missesOutputs(run)) this.#emit({ type: 'run.notice', runId, notice: 'outputs_unavailable' });
    await this.#listFiles(runId);
  }

  /** Stops the run under way: closes its request. What has arrived is kept. */
  stop(): void {
    this.#stop?.abort();
  }

  dispose(): void {
    this.stop();
    this.#events.dispose();
    this.#used.dispose();
  }

  #hasBegun(): boolean {
    return (
      this.#state.container !== undefined ||
      this.#state.runs.some(({ state }) => state.responseId !== undefined)
    );
  }

  /** The local gateway was started anew, and with the old one its containers are gone: the chain begins again. */
  #leaveDeadGateway(current: Gateway): void {
    this.#gateway = current;
    this.#knownFiles = new Set();
    this.#chainStart = this.#state.runs.length - (this.running ? 1 : 0);
    this.#emit({ type: 'session.container', container: undefined });
    this.#restarted = true;
  }

  #emit(...events: readonly SessionEvent[]): void {
    let next = this.#state;
    for (const event of events) next = reduceSession(next, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#events.fire(events);
  }

  #apply(runId: string, events: readonly RunEvent[]): void {
    const at = Date.now();
    const intern = (url: string) => this.images.intern(url);
    this.#emit(
      ...events.map(
        (event) => ({ type: 'run.event', runId, event: internImages(event, intern), at }) as const,
      ),
    );
    const run = this.#run(runId);
    const containerId = run && containerOf(run);
    if (containerId && containerId !== this.#state.container?.id) this.#useContainer(containerId);
  }

  #fail(runId: string, error: unknown, signal: AbortSignal): void {
    if (signal.aborted) {
      this.#apply(runId, [{ type: 'run.cancelled' }]);
      return;
    }
    this.#log.error(describeForLog(error));
    const known: RunError = error instanceof GatewayError ? error.toRunError() : { kind: 'not_understood' };
    const begun = this.#run(runId)?.state.responseId !== undefined;
    this.#apply(runId, [{ type: begun ? 'run.cut' : 'run.failed', error: known }]);
  }

  #run(runId: string): RunEntry | undefined {
    return this.#state.runs.findLast((run) => run.id === runId);
  }

  #hasEnded(runId: string): boolean {
    const run = this.#run(runId);
    return run !== undefined && hasEnded(run.state);
  }

  #useContainer(id: string): void {
    const lifeMinutes = this.#state.container?.lifeMinutes ?? DEFAULT_LIFE;
    this.#emit({ type: 'session.container', container: { id, lastUsedAt: Date.now(), lifeMinutes } });
  }

  async #containerFor(gateway: Gateway, model: string, signal: AbortSignal): Promise<string> {
    if (this.#state.container) return this.#state.container.id;
    const name = vscode.workspace.name ?? 'VS Code';
    const container = await gateway.client.createContainer({ name, model }, signal);
    this.#useContainer(container.id);
    return container.id;
  }

  /** Files are made without being cited too: what the container holds now and did not before was made by the run. */
  async #listFiles(runId: string): Promise<void> {
    const containerId = this.#state.container?.id;
    const run = this.#run(runId);
    if (!containerId || !run || !hasEnded(run.state) || run.state.responseId === undefined) return;
    this.#useContainer(containerId);
    try {
      const files = await (await this.gateway()).client.listFiles(containerId);
      const made = files.filter((file) => !this.#knownFiles.has(file.id));
      this.#knownFiles = new Set([...this.#knownFiles, ...files.map((file) => file.id)]);
      this.#emit({ type: 'run.files', runId, files: made, listed: files });
    } catch (error) {
      this.#log.warn(describeForLog(error));
      this.#emit({ type: 'run.notice', runId, notice: 'files_unlisted' });
    }
    this.#used.fire({ containerId, title: this.title });
  }
}
