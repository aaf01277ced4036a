import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ContainerLife } from '../../core/containerLife.ts';
import {
  activeRun,
  type ContainerUse,
  newSession,
  type RenewedNotice,
  type SessionEvent,
  type SessionState,
  titleOf,
  type UploadProgress,
} from '../../core/session.ts';
import type { Gateway, Gateways } from '../gateways/gateways.ts';
import { askToSend } from '../inputs/askToSend.ts';
import { gitIgnored } from '../inputs/gitIgnored.ts';
import { SendGuard } from '../inputs/sendGuard.ts';
import { describeForLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { Attachments } from './attachments.ts';
import { Chain } from './chain.ts';
import type { ImageStore } from './imageStore.ts';
import { RememberedInputs, type Reread } from './inputs.ts';
import { Runner } from './runner.ts';
import type { AskOptions } from './sentMessages.ts';
import { SessionRecord } from './sessionRecord.ts';

/**
 * One chain of runs at one gateway: what the rest of the host knows of it. What is known is in its record, what is
 * sent goes through its runner. Knows no panel.
 */
export class Session implements vscode.Disposable {
  readonly attachments: Attachments;
  readonly #gateways: Gateways;
  readonly #events = new vscode.EventEmitter<readonly SessionEvent[]>();
  readonly #used = new vscode.EventEmitter<ContainerUse>();
  readonly #record: SessionRecord;
  readonly #chain: Chain;
  readonly #runner: Runner;
  readonly #subscription: vscode.Disposable;
  /** Fixed by the first run: a chain cannot move to another gateway. */
  #gateway: Gateway | undefined;
  #title = '';
  #renewing = false;

  /** Fires with what changed, after {@link state}. */
  readonly onEvents = this.#events.event;
  /** Fires when a run has used a container. */
  readonly onDidUseContainer = this.#used.event;

  constructor(gateways: Gateways, log: Log) {
    this.#gateways = gateways;
    this.#record = new SessionRecord(newSession(randomUUID(), gateways.label()), (events) =>
      this.#events.fire(events),
    );
    this.attachments = new Attachments((attachments) =>
      this.#record.apply({ type: 'session.attachments', attachments }),
    );
    this.#chain = new Chain(this.#record, new RememberedInputs(reread));
    const guard = new SendGuard({ ask: askToSend, ignored: gitIgnored });
    this.#runner = new Runner(this.#record, this.#chain, this.attachments, {
      gateway: () => this.gateway(),
      model: (gateway, signal) => gateways.model(gateway, signal),
      settings: readSettings,
      mayLeave: (files, to) => guard.permitted(files, to),
      containerName: () => vscode.workspace.name ?? 'VS Code',
      containerUsed: (containerId) =>
        this.#used.fire({ containerId, local: this.state.gateway.local, title: this.#title }),
      log: (level, error) => log[level](describeForLog(error)),
    });
    this.#subscription = gateways.onDidHeal(({ containerId }) => this.#record.accessRestored(containerId));
  }

  get state(): SessionState {
    return this.#record.state;
  }

  get images(): ImageStore {
    return this.#record.images;
  }

  /** The first words of the first prompt; empty before it. */
  get title(): string {
    return this.#title;
  }

  get running(): boolean {
    return activeRun(this.state) !== undefined;
  }

  /** Whether nothing can be run now: a run is under way, or the container is being renewed. */
  get busy(): boolean {
    return this.running || this.#renewing;
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
    else if (bound.label.local && current.label.local) {
      // The local gateway was started anew, and with the old one its containers are gone.
      this.#gateway = current;
      this.#chain.lose('local_restarted');
    }
    return this.#gateway ?? current;
  }

  /** Binds a session without runs to a container that exists. @param files what is in it already */
  adopt(gateway: Gateway, containerId: string, files: readonly { readonly id: string }[]): void {
    this.#gateway = gateway;
    this.#chain.know(files);
    this.#record.useContainer(containerId);
  }

  /** Takes in what the clock of containers says of this session's. */
  lifeChanged({ containerId: id, usedAt, lifeMinutes }: ContainerLife): void {
    const { container } = this.state;
    if (container?.id !== id) return;
    if (container.lastUsedAt === usedAt && container.lifeMinutes === lifeMinutes) return;
    this.#record.apply({ type: 'session.container', container: { id, lastUsedAt: usedAt, lifeMinutes } });
  }

  /** Follows the settings as long as nothing was run. */
  gatewayChanged(): void {
    if (this.state.runs.length > 0 || this.state.container) return;
    this.#gateway = undefined;
    this.#record.apply({ type: 'session.gateway', gateway: this.#gateways.label() });
  }

  /** Runs a prompt to its end. Does nothing while another run is under way. Never rejects: failures are in the state. */
  async ask(prompt: string, options: AskOptions = {}): Promise<void> {
    if (this.busy) return;
    this.#title ||= titleOf(prompt);
    await this.#runner.ask(prompt, options);
  }

  /** Asks again what a run asked. */
  async retry(runId: string): Promise<void> {
    if (!this.busy) await this.#runner.retry(runId);
  }

  /** Asks the gateway how the last run, which was cut, went on. Nothing is run a second time. */
  async resume(runId: string): Promise<void> {
    if (!this.busy && this.state.runs.at(-1)?.id === runId) await this.#runner.resume(runId);
  }

  /**
   * Leaves the container for a new one with all files that were sent. Not while a run is under way.
   *
   * @throws GatewayError; SendDeclined; the signal's reason
   */
  async renew(
    stop: AbortSignal,
    uploading: (progress: UploadProgress | undefined) => void,
  ): Promise<RenewedNotice> {
    this.#renewing = true;
    try {
      return await this.#runner.renew(stop, uploading);
    } finally {
      this.#renewing = false;
    }
  }

  /** What a run sent, without the list of its files: what is edited to ask anew. Empty for a run that is not there. */
  textOf(runId: string): string {
    return this.#runner.textOf(runId) ?? this.#record.run(runId)?.prompt ?? '';
  }

  /** Stops the run under way. What has arrived is kept. */
  stop(): void {
    this.#runner.stop();
  }

  dispose(): void {
    this.stop();
    this.#subscription.dispose();
    this.#events.dispose();
    this.#used.dispose();
  }

  #hasBegun(): boolean {
    const { container, runs } = this.state;
    return container !== undefined || runs.some(({ state }) => state.responseId !== undefined);
  }
}

/** Reads what was attached again, if it can still be what it was. */
async function reread(uri: string, size: number): Promise<Reread> {
  try {
    const source = vscode.Uri.parse(uri, true);
    const now = await vscode.workspace.fs.stat(source);
    return now.size === size ? await vscode.workspace.fs.readFile(source) : 'changed';
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return 'gone';
    throw error;
  }
}
