import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '../../core/errors.ts';
import type { NetworkSettings } from './network.ts';

const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificate authorities to trust: Node's own, the system's, and those that environment and settings name. */
export class Authorities {
  readonly #warn: (text: string) => void;
  #system: Promise<readonly string[]> | undefined;
  readonly #extra = new Map<string, Promise<readonly string[]>>();
  #last:
    | { readonly from: readonly unknown[]; readonly file: Buffer; readonly all: readonly string[] }
    | undefined;

  /** @param warn for what is left out, once for each cause */
  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /**
   * All that count with these settings, as PEM: the same array as long as nothing changed. The file that the settings
   * name is read afresh each time, the others once.
   *
   * @throws GatewayError `ca_file`
   */
  async trusted(settings: NetworkSettings): Promise<readonly string[]> {
    const { caFile = '', systemCertificates = true, env } = settings;
    const extraFile = env['NODE_EXTRA_CA_CERTS'];
    const [file, ...others] = await Promise.all([
      caFile === '' ? Buffer.of() : readCaFile(caFile),
      systemCertificates ? this.#systemOnce() : NONE,
      extraFile ? this.#extraOnce(extraFile) : NONE,
    ]);
    const from = [caFile, ...others];
    const last = this.#last;
    if (last?.file.equals(file) && last.from.every((part, at) => part === from[at])) return last.all;
    const named = caFile === '' ? NONE : parseCaFile(caFile, file);
    const all = [...new Set([...tls.getCACertificates('default'), ...others.flat(), ...named])];
    this.#last = { from, file, all };
    return all;
  }

  #systemOnce(): Promise<readonly string[]> {
    this.#system ??= readSystem().catch((error: unknown) => {
      this.#warn(`The system's certificate authorities could not be read: ${reason(error)}`);
      return NONE;
    });
    return this.#system;
  }

  /** Node reads this variable itself, but an editor may be built to ignore it, or have got it too late. */
  #extraOnce(file: string): Promise<readonly string[]> {
    const known =
      this.#extra.get(file) ??
      readNamedFile(file)
        .then((bytes) => parseCertificates(file, bytes))
        .catch((error: unknown) => {
          this.#warn(`The file of NODE_EXTRA_CA_CERTS is left out: ${reason(error)}`);
          return NONE;
        });
    this.#extra.set(file, known);
    return known;
  }
}

const NONE: readonly string[] = [];

/** The system's, read in a thread: on macOS that can take long enough to be felt. */
function readSystem(): Promise<readonly string[]> {
  const script = `require('node:worker_threads').parentPort.postMessage(require('node:tls').getCACertificates('system'))`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { eval: true, name: 'system certificates' });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that reads them ended with ${code}`)));
  });
}

async function readCaFile(file: string): Promise<Buffer> {
  if (!path.isAbsolute(file)) {
    throw new GatewayError({ kind: 'ca_file', detail: `${file} is not an absolute path` });
  }
  return readNamedFile(file).catch((error: unknown) => {
    throw caFileError(error);
  });
}

function parseCaFile(file: string, bytes: Buffer): readonly string[] {
  try {
    return parseCertificates(file, bytes);
  } catch (error) {
    throw caFileError(error);
  }
}

function caFileError(error: unknown): GatewayError {
  return new GatewayError({ kind: 'ca_file', detail: reason(error) }, { cause: error });
}

/** The certificates in a file: any number as PEM, or one as DER. @throws Error with the reason in words */
function parseCertificates(file: string, bytes: Buffer): readonly string[] {
  const blocks = bytes.toString('latin1').match(CERTIFICATE);
  try {
    return (blocks ?? [bytes]).map((block) => new X509Certificate(block).toString());
  } catch (error) {
    throw new Error(`${file} holds no certificate that can be read`, { cause: error });
  }
}

/** @throws Error with the reason in words */
export async function readNamedFile(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT' ? 'does not exist' : error.code === 'EISDIR' ? 'is a folder' : 'cannot be read';
    throw new Error(`${file} ${why}`, { cause: error });
  });
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
