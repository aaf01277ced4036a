import { secretName, secretText } from '../../core/secrets.ts';
import type { GatewayLabel } from '../../core/session.ts';
import type { SendConcern } from './sendGuard.ts';

/** What a message says. */
export interface Said {
  readonly text: string;
  /** URI of the document in which it, or a part of it, was selected; undefined where it was typed. */
  readonly origin: string | undefined;
}

export interface MessageGuardHost {
  /** Whether a message is to be sent. */
  ask(origin: string | undefined, concern: SendConcern, gateway: GatewayLabel): Promise<boolean>;
  /** Those of the URIs that git ignores. */
  ignored(uris: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * Asks before a message leaves the machine that holds a private key or an access token, or that was selected in a
 * file which is asked about: once a document, in one session.
 */
export class MessageGuard {
  readonly #host: MessageGuardHost;
  readonly #allowed = new Set<string>();

  constructor(host: MessageGuardHost) {
    this.#host = host;
  }

  /** Whether a message may go to a gateway: always, where that is on this machine. */
  async mayBeSaid({ text, origin }: Said, gateway: GatewayLabel): Promise<boolean> {
    if (gateway.local) return true;
    const place = origin === undefined ? undefined : await this.#concernOf(origin);
    const concern = secretText(text) ?? place;
    const key = `${concern} ${origin ?? ''}`;
    if (concern === undefined || this.#allowed.has(key)) return true;
    const allowed = await this.#host.ask(origin, concern, gateway);
    if (allowed) this.#allowed.add(key);
    return allowed;
  }

  async #concernOf(origin: string): Promise<SendConcern | undefined> {
    const sign = secretName(decodeURIComponent(origin));
    return sign ?? ((await this.#host.ignored([origin])).has(origin) ? 'git_ignored' : undefined);
  }
}
