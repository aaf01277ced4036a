import { type AttachedPath, withAttachedFiles } from '../../core/attached.ts';
import { conversationOf, type Turn } from '../../core/conversation.ts';
import type { RunEntry } from '../../core/session.ts';
import type { StoredMessage } from '../../core/stored/storedSession.ts';
import type { Chain } from './chain.ts';
import type { SessionRecord } from './sessionRecord.ts';

export interface AskOptions {
  /** What is sent, where that is more than what is shown as the prompt. */
  readonly input?: string;
  /** Makes the model run code rather than only answer. */
  readonly forceCode?: boolean;
  /** What is attached waits for another message. */
  readonly withoutAttachments?: boolean;
  /** URI of the document in which the input, or a part of it, was selected. */
  readonly origin?: string | undefined;
}

/** What a run sends, kept for sending it again. */
export interface SentMessage {
  readonly text: string;
  readonly options: AskOptions;
  /** Those that the request named. */
  readonly files: readonly AttachedPath[];
}

/** The part of a request that says what is wanted. */
export interface ComposedMessage {
  readonly input: string;
  readonly history: readonly Turn[];
  readonly forceCode: boolean;
}

/** What the runs of a session have sent, by their ids, and what of it the next request has to repeat. */
export class SentMessages {
  readonly #record: SessionRecord;
  readonly #chain: Chain;
  readonly #messages = new Map<string, SentMessage>();

  constructor(record: SessionRecord, chain: Chain) {
    this.#record = record;
    this.#chain = chain;
  }

  restore(stored: readonly StoredMessage[]): void {
    for (const { runId, text, files, ...options } of stored)
      this.#messages.set(runId, { text, options: { input: text, ...options }, files });
  }

  get stored(): readonly StoredMessage[] {
    return [...this.#messages].map(([runId, { text, options, files }]) => {
      const { forceCode = false, withoutAttachments = false, origin } = options;
      return { runId, text, forceCode, withoutAttachments, origin, files };
    });
  }

  get(runId: string): SentMessage | undefined {
    return this.#messages.get(runId);
  }

  set(runId: string, message: SentMessage): void {
    this.#messages.set(runId, message);
  }

  /**
   * What a run's request says.
   *
   * @param files what was put into the container for this run
   * @returns undefined for a run that is not known
   */
  compose(runId: string, files: readonly AttachedPath[]): ComposedMessage | undefined {
    const before = this.#messages.get(runId);
    if (before === undefined) return undefined;
    const anew = this.#chain.previousResponseId === undefined;
    const message = { ...before, files: this.#toName(anew, [...before.files, ...files]) };
    this.#messages.set(runId, message);
    return {
      input: withAttachedFiles(message.text, message.files),
      history: anew ? this.#conversation() : [],
      forceCode: message.options.forceCode ?? false,
    };
  }

  /**
   * The files that a request names: its own, and those in the container that no answer tells the model of, because
   * the message that brought them got none. A model that is told everything anew is told of all files.
   */
  #toName(anew: boolean, own: readonly AttachedPath[]): readonly AttachedPath[] {
    const there = this.#chain.inputs.pathsIn(this.#chain.containerId);
    if (anew) return there;
    const told = this.#chain.continued.flatMap((run) => this.#messages.get(run.id)?.files ?? []);
    const known = new Set([...told, ...own].map(({ path }) => path));
    const named = new Map(own.map((file) => [file.path, file]));
    return [...named.values(), ...there.filter(({ path }) => !known.has(path))];
  }

  #conversation(): readonly Turn[] {
    return conversationOf(this.#record.state.runs, (run) => this.#inputOf(run), this.#chain.gone);
  }

  #inputOf(run: RunEntry): string {
    return this.#messages.get(run.id)?.text ?? run.prompt;
  }
}
