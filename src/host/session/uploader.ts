import type { AttachedPath } from '../../core/attached.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ErrorKind } from '../../core/events.ts';
import type { ContainerFile } from '../../core/files.ts';
import type { ContainerLoss, GatewayLabel, RenewedNotice, UploadProgress } from '../../core/session.ts';
import type { GatewayClient } from '../../gateway/client.ts';
import { abortable } from '../abortable.ts';
import type { Chain } from './chain.ts';
import { type InputFile, sha256Of } from './inputs.ts';
import type { SessionRecord } from './sessionRecord.ts';

/** Refusals of one file that will be the same the next time. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['too_large', 'bad_request']);
/** ms between two words on how far an upload has come. */
const PROGRESS_EVERY = 100;

/** Where files go. */
export interface Destination {
  readonly client: GatewayClient;
  readonly gateway: GatewayLabel;
  /** Whose provider is to hold a container that has to be made. */
  readonly model: string;
  readonly stop: AbortSignal;
  /** Told how far the uploads have come; undefined once they are over. */
  readonly uploading: (progress: UploadProgress | undefined) => void;
}

/** What an uploader needs of the session around it. */
export interface UploaderHost {
  /** What a new container is called. */
  containerName(): string;
  /** Those of the files that may go to a gateway; undefined where the person wants nothing sent. */
  mayLeave(files: readonly InputFile[], to: GatewayLabel): Promise<readonly InputFile[] | undefined>;
}

/** The person does not want the files sent, nor what they were to be sent with. */
export class SendDeclined extends Error {
  override readonly name = 'SendDeclined';
}

/** What became of files. */
export interface PutFiles {
  /** Where the code finds each. */
  readonly placed: readonly AttachedPath[];
  /** Names of those that the person did not want to leave the machine. */
  readonly leftOut: readonly string[];
}

/** Takes note of a file that is in the session's container now: it is no work of a run, and is uploaded again if need be. */
export function noteUpload(
  record: SessionRecord,
  chain: Chain,
  file: InputFile,
  { id, containerId, path }: ContainerFile,
  gateway: GatewayLabel,
  sha256 = sha256Of(file.bytes),
): void {
  const { name, bytes } = file;
  chain.know([{ id }]);
  chain.inputs.remember(file, sha256, containerId, path);
  const sent = { name, size: bytes.byteLength, sha256, at: Date.now(), gateway: gateway.name };
  record.apply({
    type: 'session.sent',
    file: { ...sent, containerId, path, uri: file.uri ?? file.origin },
  });
}

/** Puts files into a session's container, and makes one where there is none. */
export class Uploader {
  readonly #record: SessionRecord;
  readonly #chain: Chain;
  readonly #host: UploaderHost;

  constructor(record: SessionRecord, chain: Chain, host: UploaderHost) {
    this.#record = record;
    this.#chain = chain;
    this.#host = host;
  }

  /**
   * Puts files into the container, but for those that are in it as they are.
   *
   * @throws GatewayError; SendDeclined; the signal's reason
   */
  async put(files: readonly InputFile[], to: Destination): Promise<PutFiles> {
    const { permitted, leftOut } = await this.#permitted(files, to);
    const placed: AttachedPath[] = [];
    try {
      for (const [index, file] of permitted.entries()) {
        const path = await this.#place(file, index + 1, permitted.length, to);
        placed.push({ name: file.name, path });
      }
    } finally {
      to.uploading(undefined);
    }
    return { placed, leftOut };
  }

  /**
   * Puts what was sent before into a new container, where the one that had it was lost.
   *
   * @returns what to tell of it; undefined where nothing was lost
   * @throws GatewayError; SendDeclined; the signal's reason
   */
  async restore(to: Destination): Promise<RenewedNotice | undefined> {
    const { loss } = this.#chain;
    return loss === undefined ? undefined : this.#restore(loss, to);
  }

  /** The same for a container that is to be there at once, with or without files. */
  async renew(to: Destination): Promise<RenewedNotice> {
    const renewed = await this.#restore(this.#chain.loss ?? 'expired', to);
    await this.#container(to);
    return renewed;
  }

  async #restore(loss: ContainerLoss, to: Destination): Promise<RenewedNotice> {
    const { inputs } = this.#chain;
    const { files, changed, leftOut } = await inputs.missingIn(this.#chain.containerId);
    const { permitted, leftOut: declined } = await this.#permitted(files, to);
    const refused: string[] = [];
    try {
      for (const [index, file] of permitted.entries()) {
        await this.#place(file, index + 1, permitted.length, to).catch((error: unknown) => {
          // Refused for good, it must not keep the session from going on.
          if (!(error instanceof GatewayError) || !REFUSALS.has(error.kind)) throw error;
          refused.push(file.name);
        });
      }
    } finally {
      to.uploading(undefined);
    }
    this.#chain.renewed();
    const restored = inputs.pathsIn(this.#chain.containerId).length;
    const missing = [...leftOut, ...declined, ...refused];
    return { kind: 'container_renewed', loss, restored, changed, leftOut: missing };
  }

  async #permitted(
    files: readonly InputFile[],
    { gateway, stop }: Destination,
  ): Promise<{ readonly permitted: readonly InputFile[]; readonly leftOut: readonly string[] }> {
    const permitted = await abortable(this.#host.mayLeave(files, gateway), stop);
    if (permitted === undefined) throw new SendDeclined();
    const leftOut = files.filter((file) => !permitted.includes(file)).map(({ name }) => name);
    return { permitted, leftOut };
  }

  /** Where the code finds the file: uploaded, unless the container has it. */
  async #place(file: InputFile, place: number, count: number, to: Destination): Promise<string> {
    const containerId = await this.#container(to);
    const { name, bytes } = file;
    const { inputs } = this.#chain;
    const sha256 = sha256Of(bytes);
    const there = inputs.pathOf(name, sha256, containerId);
    if (there !== undefined) {
      inputs.remember(file, sha256, containerId, there);
      return there;
    }
    const size = bytes.byteLength;
    let toldAt = Number.NEGATIVE_INFINITY;
    const onSent = (sent: number) => {
      const now = performance.now();
      if (now - toldAt < PROGRESS_EVERY) return;
      toldAt = now;
      to.uploading({ name, place, count, sent, size });
    };
    // A name with folders in it stays one name.
    const upload = { name: name.replaceAll('/', '_'), bytes, onSent };
    const placed = await to.client.uploadFile(containerId, upload, to.stop);
    noteUpload(this.#record, this.#chain, file, placed, to.gateway, sha256);
    return placed.path;
  }

  async #container({ client, model, stop }: Destination): Promise<string> {
    const known = this.#chain.containerId;
    if (known !== undefined) return known;
    const { id } = await client.createContainer({ name: this.#host.containerName(), model }, stop);
    this.#record.useContainer(id);
    return id;
  }
}
