import { type SecretSign, secretContent, secretName } from '../../core/secrets.ts';
import type { GatewayLabel } from '../../core/session.ts';
import type { InputFile } from '../session/inputs.ts';

/** Why a file is asked about before it leaves the machine. */
export type SendConcern = SecretSign | 'git_ignored';

export interface Doubt {
  readonly file: InputFile;
  readonly concern: SendConcern;
}

/** What the person says of all doubts together; undefined where nothing at all is to be sent. */
export type SendAnswer = 'send' | 'leaveOut' | undefined;

export interface SendGuardHost {
  ask(doubts: readonly Doubt[], gateway: GatewayLabel): Promise<SendAnswer>;
  /** Those of the URIs that git ignores. */
  ignored(uris: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Asks before files leave the machine that look like secrets or that git ignores: once a file, in one session. */
export class SendGuard {
  readonly #host: SendGuardHost;
  readonly #allowed = new Set<string>();

  constructor(host: SendGuardHost) {
    this.#host = host;
  }

  /**
   * Those of the files that may go to a gateway: all, where that is on this machine.
   *
   * @returns undefined where the person wants nothing sent
   */
  async permitted(
    files: readonly InputFile[],
    gateway: GatewayLabel,
  ): Promise<readonly InputFile[] | undefined> {
    if (gateway.local || files.length === 0) return files;
    const ignored = await this.#host.ignored(files.flatMap((file) => originOf(file) ?? []));
    const doubts = files
      .flatMap((file) => {
        const concern = concernOf(file, ignored);
        return concern === undefined ? [] : [{ file, concern }];
      })
      .filter((doubt) => !this.#allowed.has(keyOf(doubt)));
    if (doubts.length === 0) return files;
    const answer = await this.#host.ask(doubts, gateway);
    if (answer === undefined) return undefined;
    if (answer === 'leaveOut') {
      const doubted = new Set(doubts.map(({ file }) => file));
      return files.filter((file) => !doubted.has(file));
    }
    for (const doubt of doubts) this.#allowed.add(keyOf(doubt));
    return files;
  }
}

function concernOf(file: InputFile, ignored: ReadonlySet<string>): SendConcern | undefined {
  const origin = originOf(file);
  const path = origin === undefined ? file.name : decodeURIComponent(origin);
  // Its own name too: a part of a file is called after it.
  const sign = secretName(path) ?? secretName(file.name) ?? secretContent(file.bytes);
  return sign ?? (origin !== undefined && ignored.has(origin) ? 'git_ignored' : undefined);
}

function originOf({ uri, origin }: InputFile): string | undefined {
  return uri ?? origin;
}

/** A file that comes to hold a key is asked about again, whatever was said of its name. */
function keyOf({ file, concern }: Doubt): string {
  return `${concern} ${originOf(file) ?? file.name}`;
}
