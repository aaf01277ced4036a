import { constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { SaveError, saveError } from './saveError.ts';

/**
 * A folder that stays the same one while files are put into it, whatever is done to its name meanwhile. On Linux
 * everything goes through an open descriptor (`/proc/self/fd`, proc_pid_fd(5)), so a link put in the folder's place
 * changes nothing; elsewhere {@link check} finds it out.
 */
export class OpenFolder implements AsyncDisposable {
  /** Its real path when it was opened. */
  readonly path: string;
  readonly #handle: FileHandle | undefined;
  readonly #reached: string;
  readonly #identity: string;

  private constructor(path: string, handle: FileHandle | undefined, identity: string) {
    this.path = path;
    this.#handle = handle;
    this.#reached = handle === undefined ? path : descriptorPath(handle);
    this.#identity = identity;
  }

  /** @param folder an existing folder; links that lead to it are followed, for the person chose it by that path. @throws SaveError */
  static async open(folder: string): Promise<OpenFolder> {
    const real = await realpath(folder).catch(rethrow);
    return OpenFolder.#open(real, real);
  }

  /** The path that reaches `name` in this very folder. @param name one segment, already made safe */
  at(name: string): string {
    const place = path.join(this.#reached, name);
    if (name === '' || path.dirname(place) !== this.#reached) throw new SaveError('outside');
    return place;
  }

  /** A folder in this one, made where it is missing; never one that a link leads to. @throws SaveError */
  async enter(name: string): Promise<OpenFolder> {
    const place = this.at(name);
    await mkdir(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw saveError(error);
    });
    const found = await lstat(place).catch(rethrow);
    if (found.isSymbolicLink()) throw new SaveError('outside');
    if (!found.isDirectory()) throw new SaveError('exists');
    return OpenFolder.#open(path.join(this.path, name), place);
  }

  /** @throws SaveError `outside` where its path leads to something else now, `no_folder` where to nothing */
  async check(): Promise<void> {
    if ((await identityOf(this.path)) !== this.#identity) throw new SaveError('outside');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle?.close();
  }

  static async #open(real: string, reached: string): Promise<OpenFolder> {
    if (process.platform !== 'linux' || !existsSync('/proc/self/fd')) {
      return new OpenFolder(real, undefined, await identityOf(reached));
    }
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
    const handle = await open(reached, flags).catch(rethrow);
    return new OpenFolder(real, handle, await identityOf(descriptorPath(handle)));
  }
}

function descriptorPath({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}

async function identityOf(place: string): Promise<string> {
  const { dev, ino } = await stat(place, { bigint: true }).catch(rethrow);
  return `${dev}:${ino}`;
}

function rethrow(error: unknown): never {
  throw saveError(error);
}
