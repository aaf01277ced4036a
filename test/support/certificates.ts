import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomInt,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, context, integer, octets, oid, sequence, set, time, utf8 } from './der.ts';

/** A certificate and its key, both as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface IdentityOptions {
  /** Host names and IP addresses; none for a client's. */
  readonly hosts?: readonly string[];
  readonly expired?: boolean;
}

const DAY = 24 * 60 * 60 * 1_000;
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/** A certificate authority that exists only while a test runs: Node can sign bytes, but makes no certificates. */
export class Authority {
  /** PEM. */
  readonly cert: string;
  readonly #name: string;
  readonly #key: KeyObject;
  readonly #keyId: Buffer;

  constructor(name: string) {
    this.#name = name;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    this.#keyId = keyId(publicKey);
    // basicConstraints: a CA; keyUsage: signs certificates.
    const extensions = [
      extension('2.5.29.19', sequence(boolean(true)), true),
      extension('2.5.29.15', bits(Buffer.from([0x04]), 2), true),
      extension('2.5.29.14', octets(keyId(publicKey))),
    ];
    this.cert = this.#certify(name, publicKey, extensions, false);
  }

  issue(name: string, { hosts = [], expired = false }: IdentityOptions = {}): Identity {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const names = hosts.map((host) => (isIP(host) === 4 ? ipv4(host) : context(2, Buffer.from(host), false)));
    // authorityKeyIdentifier, subjectAltName.
    const extensions = [extension('2.5.29.35', sequence(context(0, this.#keyId, false)))];
    if (names.length > 0) extensions.push(extension('2.5.29.17', sequence(...names)));
    return {
      cert: this.#certify(name, publicKey, extensions, expired),
      key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    };
  }

  /** RFC 5280, section 4.1. */
  #certify(subject: string, key: KeyObject, extensions: readonly Buffer[], expired: boolean): string {
    const now = Date.now();
    const begin = new Date(now - 2 * DAY);
    const end = new Date(now + (expired ? -DAY : DAY));
    const body = sequence(
      context(0, integer(2)),
      integer(randomInt(1, 127)),
      ECDSA_SHA256,
      distinguished(this.#name),
      sequence(time(begin), time(end)),
      distinguished(subject),
      key.export({ type: 'spki', format: 'der' }),
      context(3, sequence(...extensions)),
    );
    const signed = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, this.#key)));
    return new X509Certificate(signed).toString();
  }
}

/** The key locked with a passphrase, as PEM. */
export function lockKey({ key }: Identity, passphrase: string): string {
  const lock = { cipher: 'aes-256-cbc', passphrase } as const;
  return String(createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', ...lock }));
}

/** Certificate and key in one file, the key locked: PKCS #12 (RFC 7292) without its optional digest. */
export function pfx({ cert, key }: Identity, passphrase: string): Buffer {
  const lock = { cipher: 'aes-256-cbc', passphrase } as const;
  const locked = createPrivateKey(key).export({ type: 'pkcs8', format: 'der', ...lock });
  const data = (content: Buffer) => sequence(oid('1.2.840.113549.1.7.1'), context(0, octets(content)));
  const bag = (id: string, value: Buffer) =>
    sequence(oid(`1.2.840.113549.1.12.10.1.${id}`), context(0, value));
  const x509 = sequence(oid('1.2.840.113549.1.9.22.1'), context(0, octets(new X509Certificate(cert).raw)));
  return sequence(integer(3), data(sequence(data(sequence(bag('2', locked), bag('3', x509))))));
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function distinguished(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));
}

function extension(id: string, value: Uint8Array, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function ipv4(address: string): Buffer {
  return context(7, Buffer.from(address.split('.').map(Number)), false);
}
