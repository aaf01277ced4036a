import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ContainerLife } from '../../core/containerLife.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ContainerFile } from '../../core/files.ts';
import {
  activeRun,
  type ContainerUse,
  type GatewayLabel,
  newSession,
  type RenewedNotice,
  type SessionEvent,
  type SessionState,
  type UploadProgress,
} from '../../core/session.ts';
import { LONGEST_TITLE } from '../../core/stored/storedHead.ts';
import type { StoredSession } from '../../core/stored/storedSession.ts';
import type { Gateway, Gateways } from '../gateways/gateways.ts';
import { askToSay, askToSend } from '../inputs/askToSend.ts';
import { gitIgnored } from '../inputs/gitIgnored.ts';
import { MessageGuard } from '../inputs/messageGuard.ts';
import { SendGuard } from '../inputs/sendGuard.ts';
import { describeForLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { type AttachedFile, Attachments } from './attachments.ts';
import { Chain } from './chain.ts';
import { ImageStore, type StoredImage } from './imageStore.ts';
import { type InputFile, RememberedInputs, type Reread } from './inputs.ts';
import { Runner } from './runner.ts';
import type { AskOptions } from './sentMessages.ts';
import { SessionRecord } from './sessionRecord.ts';
import { goOn, type OpenedSession, type SessionParts, storedOf } from './snapshot.ts';
import { noteUpload } from './uploader.ts';

/** Bytes of a picture that is kept though it is a file of a container too. */
const LARGEST_KEPT = 16 * 1024 * 1024;

/** Which gateway a session is at. */
interface Home {
  readonly id: string;
  readonly label: GatewayLabel;
}

/**
 * One chain of runs at one gateway: what the rest of the host knows of it. What is known is in its record, what is
 * sent goes through its runner. Knows no panel.
 */
export class Session implements vscode.Disposable {
  readonly attachments: Attachments;
  readonly #gateways: Gateways;
  readonly #events = new vscode.EventEmitter<readonly SessionEvent[]>();
  readonly #kept = new vscode.EventEmitter<void>();
  readonly #used = new vscode.EventEmitter<ContainerUse>();
  readonly #record: SessionRecord;
  readonly #chain: Chain;
  readonly #runner: Runner;
  readonly #subscription: vscode.Disposable;
  /** Fixed by the first run: a chain cannot move to another gateway. */
  #gateway: Gateway | undefined;
  #renewing = false;
  /** The gateway of a session that was stored, until it is reached again. */
  #home: Home | undefined;

  /** Fires with what changed, after {@link state}. */
  readonly onEvents = this.#events.event;
  /** Fires when a picture is kept that no event brought. */
  readonly onDidKeep = this.#kept.event;
  /** Fires when a run has used a container. */
  readonly onDidUseContainer = this.#used.event;

  /**
   * @param opened goes on with a session of before, instead of a new one
   * @param waiting files that waited in it to be sent
   */
  constructor(gateways: Gateways, log: Log, opened?: OpenedSession, waiting: readonly AttachedFile[] = []) {
    this.#gateways = gateways;
    this.#record = new SessionRecord(
      opened?.session.state ?? newSession(randomUUID(), gateways.label()),
      (events) => this.#events.fire(events),
      new ImageStore(opened?.session.pictures, opened?.load),
    );
    this.attachments = new Attachments((attachments) =>
      this.#record.apply({ type: 'session.attachments', attachments }),
    );
    this.#chain = new Chain(this.#record, new RememberedInputs(reread));
    const guard = new SendGuard({ ask: askToSend, ignored: gitIgnored });
    const messages = new MessageGuard({ ask: askToSay, ignored: gitIgnored });
    this.#runner = new Runner(this.#record, this.#chain, this.attachments, {
      gateway: () => this.gateway(),
      model: (gateway, signal) => gateways.model(gateway, signal),
      settings: readSettings,
      mayLeave: (files, to) => guard.permitted(files, to),
      mayBeSaid: (said, to) => messages.mayBeSaid(said, to),
      containerName: () => vscode.workspace.name ?? 'VS Code',
      containerUsed: (containerId) =>
        this.#used.fire({ containerId, local: this.state.gateway.local, title: this.title }),
      log: (level, error) => log[level](describeForLog(error)),
    });
    this.#subscription = gateways.onDidHeal(({ containerId }) => this.#record.accessRestored(containerId));
    if (opened) this.#goOn(opened);
    this.attachments.restore(waiting);
  }

  get state(): SessionState {
    return this.#record.state;
  }

  get images(): ImageStore {
    return this.#record.images;
  }

  /** What it is called; empty before the first prompt. */
  get title(): string {
    return this.state.title;
  }

  rename(title: string): void {
    this.#record.apply({ type: 'session.renamed', title: title.slice(0, LONGEST_TITLE) });
  }

  /** Takes a picture that was fetched, so that it is still there when its container is not. */
  keepImage(key: string, image: StoredImage): void {
    if (image.bytes.byteLength > LARGEST_KEPT) return;
    this.images.keep(key, image);
    this.#kept.fire();
  }

  /** All that has to be stored of it to go on later, but for the bytes of pictures and inputs. */
  get stored(): StoredSession {
    return storedOf(this.#parts, this.#gateway?.id ?? this.#home?.id);
  }

  /** Bytes of a picture or an input that are not on disk yet. @param sha256 lower-case hex */
  bytesOf(sha256: string): Uint8Array | undefined {
    return (
      this.images.bytesOf(sha256) ?? this.#chain.inputs.copyOf(sha256) ?? this.attachments.copyOf(sha256)
    );
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
    const home = bound ?? this.#home;
    if (home === undefined || home.id === current.id || !this.#hasBegun()) this.#gateway = current;
    else if (home.label.local && current.label.local) {
      // The local gateway was started anew, and with the old one its containers are gone.
      this.#gateway = current;
      this.#chain.lose('local_restarted');
    } else if (bound === undefined) {
      throw new GatewayError({ kind: 'other_gateway', detail: home.label.name });
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

  /** Takes note of a file that was put into the session's container without a message: the next one names it. */
  noteUpload(file: InputFile, placed: ContainerFile, gateway: GatewayLabel): void {
    noteUpload(this.#record, this.#chain, file, placed, gateway);
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

  /** Ends what the session does here. A run under way is left alone: it is not told to stop. */
  dispose(): void {
    this.#runner.leave();
    this.#subscription.dispose();
    this.#events.dispose();
    this.#kept.dispose();
    this.#used.dispose();
  }

  get #parts(): SessionParts {
    const { sent } = this.#runner;
    return { record: this.#record, chain: this.#chain, sent, attachments: this.attachments };
  }

  #goOn(opened: OpenedSession): void {
    goOn(this.#parts, opened);
    const { gatewayId, state } = opened.session;
    if (gatewayId === undefined) return;
    if (state.gateway.local && !this.#gateways.isRunning(gatewayId)) {
      if (this.#chain.hasContainer) this.#chain.lose('local_restarted');
    } else this.#home = { id: gatewayId, label: state.gateway };
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
