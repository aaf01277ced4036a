import type { FileRef } from '../../core/citations.ts';
import { GatewayError } from '../../core/errors.ts';
import { readWhole } from '../../gateway/files/content.ts';
import type { Gateway } from '../gateways/gateways.ts';
import type { KeptStore } from './keptStore.ts';

/** What became of files that were to be kept. */
export interface KeepResult {
  readonly kept: number;
  /** Names of those that are larger than what is kept of one. */
  readonly tooLarge: readonly string[];
}

/** Fetches files of containers and keeps them in the extension's storage. */
export class Keeper {
  readonly #store: KeptStore;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: KeptStore) {
    this.#store = store;
  }

  /**
   * Keeps those of the files that are not kept yet, one after the other.
   *
   * @param container what it is called
   * @throws GatewayError; Node's error; the signal's reason. What was kept by then stays
   */
  keep(
    files: readonly FileRef[],
    container: string,
    from: () => Promise<Gateway>,
    signal?: AbortSignal,
  ): Promise<KeepResult> {
    // Two ends of runs close together must not fetch the same files twice.
    const result = this.#last.then(() => this.#keep(files, container, from, signal));
    this.#last = result.catch(() => {});
    return result;
  }

  async #keep(
    files: readonly FileRef[],
    container: string,
    from: () => Promise<Gateway>,
    signal: AbortSignal | undefined,
  ): Promise<KeepResult> {
    const tooLarge: string[] = [];
    let kept = 0;
    for (const file of await this.#store.notKept(files)) {
      signal?.throwIfAborted();
      const { client, label } = await from();
      try {
        const bytes = await readWhole(await client.fileContent(file, signal), this.#store.limits.file);
        await this.#store.keep(file, bytes, { container, gateway: label.name });
        kept++;
      } catch (error) {
        if (!(error instanceof GatewayError) || error.kind !== 'too_large') throw error;
        tooLarge.push(file.filename);
      }
    }
    return { kept, tooLarge };
  }
}
