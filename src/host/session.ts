import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { type AttachedPath, withAttachedFiles } from '../core/attached.ts';
import { GatewayError } from '../core/errors.ts';
import type { RunError, RunEvent } from '../core/events.ts';
import { internImages } from '../core/images.ts';
import { hasEnded } from '../core/runState.ts';
import {
  activeRun,
  newSession,
  type RunEntry,
  reduceSession,
  type SessionEvent,
  type SessionState,
} from '../core/session.ts';
import { Attachments } from './attachments.ts';
import type { Gateway, Gateways } from './gateways.ts';
import { ImageStore } from './imageStore.ts';
import { describeForLog, type Log } from './log.ts';
import { readSettings } from './settings.ts';

/** Minutes that a container lives after its last use, where it does not say (wire.md, section 4). */
const DEFAULT_LIFE = 20;

/** Characters. */
const LONGEST_TITLE = 40;

/** Which session has used which container. */
export interface ContainerUse {
  readonly containerId: string;
  /** The session's title. */
  readonly title: string;
}

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
  /** Ids of the files that the container held when it was last listed. */
  #knownFiles: ReadonlySet<string> = new Set();

  /** Fires with what changed, after {@link state} has. */
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
    const prompt =
      this.#state.runs[0]?.prompt
        .replace(/^`{3,}\w*$/gm, '')
        .replace(/\s+/g, ' ')
        .trim() ?? '';
    return prompt.length > LONGEST_TITLE ? `${prompt.slice(0, LONGEST_TITLE - 1)}…` : prompt;
  }

  get running(): boolean {
    return activeRun(this.#state) !== undefined;
  }

  /** The gateway that the session's container is at; the one in use before the first run. @throws GatewayError */
  async gateway(): Promise<Gateway> {
    this.#gateway ??= await this.#gateways.current();
    return this.#gateway;
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
    this.#emit({
      type: 'run.requested',
      runId,
      prompt,
      attachments: attached.map(({ id, name, size }) => ({ id, name, size })),
      at: Date.now(),
    });
    try {
      const gateway = await this.gateway();
      const model = await this.#gateways.model(gateway, stop.signal);
      this.#emit({ type: 'session.gateway', gateway: { ...gateway.label, model } });
      const containerId =
        attached.length > 0
          ? await this.#containerFor(gateway, model, stop.signal)
          : this.#state.container?.id;
      const paths = await this.#upload(gateway, containerId, attached, stop.signal);
      uploaded = true;
      const text = again ?? options.input ?? prompt;
      const input = withAttachedFiles(text, paths);
      this.#sent.set(runId, { input, options });
      const batches = gateway.client.run(
        {
          model,
          input,
          containerId,
          previousResponseId: lastResponseId(this.#state.runs),
          forceCode: options.forceCode ?? false,
          stream: readSettings().streaming,
        },
        stop.signal,
      );
      for await (const batch of batches) this.#apply(runId, batch);
      this.#apply(runId, [{ type: 'run.cut', error: { kind: 'stream_cut' } }]);
    } catch (error) {
      if (!uploaded) this.attachments.add(attached);
      this.#fail(runId, error, stop.signal);
    } finally {
      this.images.forgetTexts();
      this.#stop = undefined;
    }
    if (missesOutputs(this.#run(runId)))
      this.#emit({ type: 'run.notice', runId, notice: 'outputs_unavailable' });
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
    const containerId = containerOf(this.#run(runId));
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

  #useContainer(id: string): void {
    const lifeMinutes = this.#state.container?.lifeMinutes ?? DEFAULT_LIFE;
    this.#emit({ type: 'session.container', container: { id, lastUsedAt: Date.now(), lifeMinutes } });
  }

  async #containerFor(gateway: Gateway, model: string, signal: AbortSignal): Promise<string> {
    const known = this.#state.container?.id;
    if (known) return known;
    const name = vscode.workspace.name ?? 'VS Code';
    const container = await gateway.client.createContainer({ name, model }, signal);
    this.#useContainer(container.id);
    return container.id;
  }

  /** @returns where the code finds each file */
  async #upload(
    gateway: Gateway,
    containerId: string | undefined,
    attached: ReturnType<Attachments['take']>,
    signal: AbortSignal,
  ): Promise<AttachedPath[]> {
    const paths: AttachedPath[] = [];
    for (const { name, bytes } of containerId === undefined ? [] : attached) {
      const file = await gateway.client.uploadFile(containerId as string, { name, bytes }, signal);
      paths.push({ name, path: file.path });
      this.#knownFiles = new Set([...this.#knownFiles, file.id]);
    }
    return paths;
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
      this.#knownFiles = new Set(files.map((file) => file.id));
      if (made.length > 0) this.#emit({ type: 'run.files', runId, files: made });
    } catch (error) {
      this.#log.warn(describeForLog(error));
      this.#emit({ type: 'run.notice', runId, notice: 'files_unlisted' });
    }
    this.#used.fire({ containerId, title: this.title });
  }
}

/** The container a run has worked in, as its answer tells. */
function containerOf(run: RunEntry | undefined): string | undefined {
  const step = run?.state.items.findLast((item) => item.kind === 'code' && item.containerId);
  return step?.kind === 'code' ? step.containerId : undefined;
}

/** Whether code ran to its end and the gateway never said what it printed or drew. */
function missesOutputs(run: RunEntry | undefined): boolean {
  if (run?.state.status !== 'completed') return false;
  return run.state.items.some((item) => item.kind === 'code' && item.outputs === undefined);
}

/** What the next run continues: the last response that came to a good end. */
function lastResponseId(runs: readonly RunEntry[]): string | undefined {
  return runs.findLast((run) => run.state.status === 'completed' || run.state.status === 'incomplete')?.state
    .responseId;
}
