import { createPrivateKey } from 'node:crypto';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { GatewayError } from '../../core/errors.ts';
import { readNamedFile, reason } from './authorities.ts';
import type { NetworkSettings } from './network.ts';

/** For `tls.createSecureContext`. */
export interface ClientCertificate {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
}

/**
 * The client certificate that the settings name, read afresh and not looked into; undefined where they name none.
 *
 * @throws GatewayError `client_certificate`
 */
export async function readClientCertificate(
  settings: NetworkSettings,
): Promise<ClientCertificate | undefined> {
  const { certFile = '', keyFile = '', pfxFile = '' } = settings.clientCertificate ?? {};
  if (certFile === '' && keyFile === '' && pfxFile === '') return undefined;
  if (pfxFile !== '' && certFile + keyFile !== '') throw unusable('it names both a PFX file and PEM files');
  if (pfxFile === '' && certFile === '') throw unusable('it names a key without its certificate');
  const passphrase = await settings.passphrase?.();
  const opened = passphrase === undefined ? {} : { passphrase };
  if (pfxFile !== '') return { pfx: await read(pfxFile), ...opened };
  const cert = await read(certFile);
  return { cert, key: keyFile === '' ? cert : await read(keyFile), ...opened };
}

/** Whether two are the same, and need no new check. */
export function sameCertificate(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  const same = (one: Buffer | undefined, other: Buffer | undefined) =>
    one === undefined || other === undefined ? one === other : one.equals(other);
  return (
    same(a?.cert, b?.cert) && same(a?.key, b?.key) && same(a?.pfx, b?.pfx) && a?.passphrase === b?.passphrase
  );
}

/**
 * Tries a client certificate out, so that what is wrong is said of the right file and not of a connection.
 *
 * @throws GatewayError `client_certificate`, or `passphrase` where only that is missing or wrong
 */
export function checkClientCertificate(own: ClientCertificate, settings: NetworkSettings): void {
  const { certFile = '', keyFile = '', pfxFile = '' } = settings.clientCertificate ?? {};
  if (own.pfx !== undefined) {
    attempt(pfxFile, 'holds no certificate (PKCS #12) that can be read', () => createSecureContext(own));
    return;
  }
  attempt(keyFile || certFile, 'holds no private key (PEM) that can be read', () =>
    createPrivateKey({ key: own.key ?? '', format: 'pem', passphrase: own.passphrase ?? '' }),
  );
  attempt(certFile, 'holds no certificate (PEM) that can be read', () => createSecureContext(own));
}

async function read(file: string): Promise<Buffer> {
  if (!path.isAbsolute(file)) throw unusable(`${file} is not an absolute path`);
  return readNamedFile(file).catch((error: unknown) => {
    throw unusable(reason(error), error);
  });
}

/** What OpenSSL and BoringSSL say where a passphrase is missing or wrong. */
const LOCKED = /bad[ _]decrypt|mac[ _]verify|incorrect[ _]password|passphrase|interrupted or cancelled/i;

function attempt(file: string, otherwise: string, use: () => unknown): void {
  try {
    use();
  } catch (error) {
    const words = reason(error);
    if (LOCKED.test(words)) throw new GatewayError({ kind: 'passphrase' }, { cause: error });
    const why = /key[ _]values[ _]mismatch/i.test(words)
      ? 'does not belong to the key'
      : /unsupported PKCS12/i.test(words)
        ? 'is locked in an outdated way; export it again'
        : otherwise;
    throw unusable(`${file} ${why}`, error);
  }
}

function unusable(detail: string, cause?: unknown): GatewayError {
  return new GatewayError({ kind: 'client_certificate', detail }, { cause });
}
