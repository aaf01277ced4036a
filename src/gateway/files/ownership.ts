import { GatewayError } from '../../core/errors.ts';
import type { OutputItem, RunEvent } from '../../core/events.ts';

/** What the client mended by itself, for who wants to say so. */
export interface Healed {
  /** The gateway had not noted whose container it is. */
  readonly type: 'ownership';
  readonly containerId: string;
}

/** Containers remembered; the oldest is forgotten first. */
const REMEMBERED = 1_000;

/**
 * Which response used which container, and what that is good for: LiteLLM does not always note who owns a container
 * that a streamed run made, and refuses its files to every key but an administrator's (BerriAI/litellm#30210, #40120).
 * Asking for the response makes it note the owner.
 */
export class Ownership {
  /** By native container id, the latest last. */
  readonly #responses = new Map<string, string>();
  /** Responses that were asked for in vain. */
  readonly #useless = new Set<string>();
  readonly #claim: (responseId: string, signal: AbortSignal | undefined) => Promise<unknown>;
  readonly #onHealed: (healed: Healed) => void;

  /** @param claim asks for a response */
  constructor(
    claim: (responseId: string, signal: AbortSignal | undefined) => Promise<unknown>,
    onHealed: (healed: Healed) => void,
  ) {
    this.#claim = claim;
    this.#onHealed = onHealed;
  }

  /** Reads off a run which containers it uses. Container ids are native. */
  async *follow(batches: AsyncIterable<readonly RunEvent[]>): AsyncGenerator<readonly RunEvent[]> {
    let responseId: string | undefined;
    for await (const batch of batches) {
      for (const event of batch) {
        if ('response' in event) responseId = event.response.id ?? responseId;
        if (responseId !== undefined) this.#note(event, responseId);
      }
      yield batch;
    }
  }

  #note(event: RunEvent, responseId: string): void {
    if ('item' in event) this.#noteItem(event.item, responseId);
    if ('response' in event) for (const item of event.response.output ?? []) this.#noteItem(item, responseId);
  }

  #noteItem(item: OutputItem, responseId: string): void {
    if (item.type !== 'code_interpreter_call' || item.containerId === undefined) return;
    this.#responses.delete(item.containerId);
    this.#responses.set(item.containerId, responseId);
    if (this.#responses.size <= REMEMBERED) return;
    for (const oldest of this.#responses.keys()) {
      this.#responses.delete(oldest);
      break;
    }
  }

  /**
   * A call on a container; where it is refused as somebody else's, once more after the gateway was made to note the
   * owner.
   *
   * @throws GatewayError `not_yours` where the container stays refused; whatever `call` throws
   */
  async call<T>(containerId: string, call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const responseId = this.#responses.get(containerId);
      if (responseId === undefined || this.#useless.has(responseId)) throw notYours(error);
      return await this.#callAgain(responseId, containerId, call, error, signal);
    }
  }

  async #callAgain<T>(
    responseId: string,
    containerId: string,
    call: () => Promise<T>,
    refusal: GatewayError,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    try {
      await this.#claim(responseId, signal);
    } catch (error) {
      // What passes by itself says nothing of the owner.
      if (!(error instanceof GatewayError) || error.retryable) throw error;
      this.#useless.add(responseId);
      throw notYours(refusal);
    }
    try {
      const result = await call();
      this.#onHealed({ type: 'ownership', containerId });
      return result;
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.#useless.add(responseId);
      throw notYours(error);
    }
  }
}

function isForbidden(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.status === 403 && error.kind === 'key_not_allowed';
}

function notYours(error: GatewayError): GatewayError {
  return new GatewayError({ ...error.toRunError(), kind: 'not_yours' }, { cause: error });
}
