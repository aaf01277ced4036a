import type { AttachedPath } from '../../core/attached.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ErrorKind } from '../../core/events.ts';
import type { Notice } from '../../core/session.ts';
import type { GatewayClient } from '../../gateway/client.ts';
import type { Chain } from './chain.ts';
import type { InputFile } from './inputs.ts';
import type { SessionRecord } from './sessionRecord.ts';

/** Refusals of one file that will be the same the next time. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['too_large', 'bad_request']);

/** Where files go. */
export interface Destination {
  readonly client: GatewayClient;
  /** Whose provider is to hold a container that has to be made. */
  readonly model: string;
  readonly stop: AbortSignal;
}

/** Puts files into a session's container, and makes one where there is none. */
export class Uploader {
  readonly #record: SessionRecord;
  readonly #chain: Chain;
  readonly #containerName: () => string;

  constructor(record: SessionRecord, chain: Chain, containerName: () => string) {
    this.#record = record;
    this.#chain = chain;
    this.#containerName = containerName;
  }

  /**
   * Puts files into the container, but for those that are in it as they are.
   *
   * @returns where the code finds each file
   * @throws GatewayError; the signal's reason
   */
  async put(files: readonly InputFile[], to: Destination): Promise<readonly AttachedPath[]> {
    const placed: AttachedPath[] = [];
    for (const file of files) {
      const containerId = await this.#container(to);
      const { name, bytes } = file;
      const there = this.#chain.inputs.pathOf(file, containerId);
      if (there !== undefined) {
        placed.push({ name, path: there });
        continue;
      }
      const { id, path } = await to.client.uploadFile(containerId, { name, bytes }, to.stop);
      this.#chain.know([{ id }]);
      this.#chain.inputs.remember(file, containerId, path);
      placed.push({ name, path });
    }
    return placed;
  }

  /**
   * Puts what was sent before into a new container, where the one that had it was lost.
   *
   * @returns what to tell of it; undefined where nothing was lost
   * @throws GatewayError; the signal's reason
   */
  async restore(to: Destination): Promise<Notice | undefined> {
    const { loss, inputs } = this.#chain;
    if (loss === undefined) return undefined;
    const { files, changed, leftOut } = await inputs.missingIn(this.#chain.containerId);
    const refused: string[] = [];
    for (const file of files) {
      await this.put([file], to).catch((error: unknown) => {
        // Refused for good, it must not keep the session from going on.
        if (!(error instanceof GatewayError) || !REFUSALS.has(error.kind)) throw error;
        refused.push(file.name);
      });
    }
    this.#chain.renewed();
    const restored = inputs.pathsIn(this.#chain.containerId).length;
    return { kind: 'container_renewed', loss, restored, changed, leftOut: [...leftOut, ...refused] };
  }

  async #container({ client, model, stop }: Destination): Promise<string> {
    const known = this.#chain.containerId;
    if (known !== undefined) return known;
    const { id } = await client.createContainer({ name: this.#containerName(), model }, stop);
    this.#record.useContainer(id);
    return id;
  }
}
