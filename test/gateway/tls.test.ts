import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ClientCertificateFiles, NetworkSettings } from '../../src/gateway/network/network.ts';
import { Authority, lockKey, pfx } from '../support/certificates.ts';
import { NetworkUnderTest } from '../support/networkUnderTest.ts';
import { TlsServer } from '../support/tlsServer.ts';
import { nodePath } from '../support/tools.ts';

const authority = new Authority('Company CA');
const other = new Authority('Another CA');
const identity = authority.issue('gateway', { hosts: ['127.0.0.1', 'localhost'] });
const folder = mkdtempSync(path.join(tmpdir(), 'tls-'));
after(() => rmSync(folder, { recursive: true }));

/** A file of this content. */
function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}
const caFile = file('ca.pem', authority.cert);
const otherCaFile = file('other.pem', other.cert);

let network: NetworkUnderTest;
beforeEach(() => {
  network = new NetworkUnderTest();
});
afterEach(() => network[Symbol.asyncDispose]());

describe('a gateway with a certificate of a private authority', () => {
  let server: TlsServer;
  let url: string;
  before(async () => {
    server = await TlsServer.start({ identity });
    url = `https://127.0.0.1:${server.port}/v1/models`;
  });
  after(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    server.connections = 0;
    server.clients.length = 0;
  });
  const accepted = async () => assert.deepEqual(await network.get(url), { status: 200, text: '{}' });

  it('is refused by default, and gets no request', async () => {
    const error = await network.fails(url, 'tls');
    assert.equal(error.detail, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    assert.equal(error.retryable, false);
    assert.equal(server.clients.length, 0);
  });

  it('is accepted with its authority in the setting, alone or among several, as PEM or DER', async () => {
    const several = `# ours\n${other.cert}\n${authority.cert}\n`;
    for (const one of [
      caFile,
      file('several.pem', several),
      file('crlf.pem', several.replaceAll('\n', '\r\n')),
      file('ca.der', new X509Certificate(authority.cert).raw),
    ]) {
      network.change({ caFile: one });
      await accepted();
    }
    network.change({ caFile: otherCaFile });
    await network.fails(url, 'tls');
  });

  it('is accepted with its authority in NODE_EXTRA_CA_CERTS', async () => {
    network.change({ env: { NODE_EXTRA_CA_CERTS: caFile } });
    await accepted();
    assert.deepEqual(network.warnings, []);
  });

  it('is refused where NODE_EXTRA_CA_CERTS names nothing, which is warned of once', async () => {
    network.change({ env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'none.pem') } });
    await network.fails(url, 'tls');
    await network.fails(url, 'tls');
    assert.equal(network.warnings.length, 1);
    assert.match(network.warnings[0] ?? '', /NODE_EXTRA_CA_CERTS.*none\.pem does not exist/);
  });

  it('is noticed when its authority is added to the file, or taken out', async () => {
    const changing = file('changing.pem', other.cert);
    network.change({ caFile: changing });
    await network.fails(url, 'tls');
    file('changing.pem', authority.cert);
    await accepted();
    file('changing.pem', other.cert);
    await network.fails(url, 'tls');
  });

  it('is spoken to over one connection as long as nothing changes', async () => {
    network.change({ caFile });
    await accepted();
    await nextTurn();
    await accepted();
    assert.equal(server.connections, 1);
    file('ca.pem', `${authority.cert}${other.cert}`);
    await accepted();
    assert.equal(server.connections, 2);
    file('ca.pem', authority.cert);
  });

  for (const [what, name, pattern] of [
    ['is not there', path.join(folder, 'none.pem'), /none\.pem does not exist$/],
    ['is a folder', folder, /is a folder$/],
    ['holds something else', file('junk.pem', 'hello'), /junk\.pem holds no certificate/],
    ['holds a broken certificate', file('cut.pem', authority.cert.replace('M', '!')), /cut\.pem holds no/],
    ['is not absolute', 'ca.pem', /^ca\.pem is not an absolute path$/],
  ] as const) {
    it(`is not asked where the file of the setting ${what}`, async () => {
      network.change({ caFile: name });
      const error = await network.fails(url, 'ca_file');
      assert.match(error.detail ?? '', pattern);
      assert.equal(error.retryable, false);
      assert.equal(server.connections, 0);
    });
  }

  it('is accepted whatever its certificate where http.proxyStrictSSL is off, which is warned of once', async () => {
    network.change({ strictTls: false });
    await accepted();
    await accepted();
    assert.equal(network.warnings.length, 1);
    assert.match(network.warnings[0] ?? '', /http\.proxyStrictSSL is off/);
    network.change({ strictTls: true });
    await network.fails(url, 'tls');
  });

  it('is refused under another name than the one in the certificate', async () => {
    await using misnamed = await TlsServer.start({
      identity: authority.issue('x', { hosts: ['other.test'] }),
    });
    network.change({ caFile });
    const error = await network.fails(`https://127.0.0.1:${misnamed.port}/`, 'tls');
    assert.equal(error.detail, 'ERR_TLS_CERT_ALTNAME_INVALID');
    assert.equal(misnamed.clients.length, 0);
  });

  it('is refused with a certificate that has expired', async () => {
    const old = authority.issue('x', { hosts: ['127.0.0.1'], expired: true });
    await using expired = await TlsServer.start({ identity: old });
    network.change({ caFile });
    assert.equal(
      (await network.fails(`https://127.0.0.1:${expired.port}/`, 'tls')).detail,
      'CERT_HAS_EXPIRED',
    );
  });
});

describe("the system's store", { skip: process.platform !== 'linux' && 'no test may change it' }, () => {
  let server: TlsServer;
  before(async () => {
    server = await TlsServer.start({ identity });
  });
  after(() => server[Symbol.asyncDispose]());

  /** What becomes of a request in a process to which the system's store is this file. */
  async function outcome(storeFile: string, settings: Partial<NetworkSettings>): Promise<string> {
    const program = path.resolve(import.meta.dirname, '..', 'support', 'networkProgram.ts');
    const { SSL_CERT_DIR: _dir, NODE_EXTRA_CA_CERTS: _extra, ...others } = process.env;
    const { stdout } = await promisify(execFile)(
      nodePath(),
      [program, `https://127.0.0.1:${server.port}/`, JSON.stringify(settings)],
      {
        env: {
          ...others,
          NODE_NO_WARNINGS: '1',
          SSL_CERT_FILE: storeFile,
          SSL_CERT_DIR: path.join(folder, 'none'),
        },
      },
    );
    return stdout;
  }

  it('counts, unless http.systemCertificates is off', async () => {
    assert.equal(await outcome(caFile, {}), '200');
    assert.equal(await outcome(caFile, { systemCertificates: false }), 'tls');
    assert.equal(await outcome(otherCaFile, {}), 'tls');
  });
});

describe('a gateway that asks for a client certificate', () => {
  const own = authority.issue('user');
  const certFile = file('user.pem', own.cert);
  const keyFile = file('user.key', own.key);
  const lockedFile = file('locked.key', lockKey(own, 'open sesame'));
  const pfxFile = file('user.pfx', pfx(own, 'open sesame'));
  const none: ClientCertificateFiles = { certFile: '', keyFile: '', pfxFile: '' };
  const sesame = async () => 'open sesame';
  let server: TlsServer;
  let url: string;
  before(async () => {
    server = await TlsServer.start({ identity, clientAuthority: authority.cert });
    url = `https://127.0.0.1:${server.port}/v1/models`;
  });
  after(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    server.clients.length = 0;
    server.connections = 0;
    network.change({ caFile });
  });

  const ways: Record<string, { files: Partial<ClientCertificateFiles>; locked?: boolean }> = {
    'two PEM files': { files: { certFile, keyFile } },
    'one PEM file': { files: { certFile: file('both.pem', `${own.cert}${own.key}`) } },
    'a locked PEM key': { files: { certFile, keyFile: lockedFile }, locked: true },
    'a PFX file': { files: { pfxFile }, locked: true },
  };
  for (const [name, { files, locked }] of Object.entries(ways)) {
    it(`lets in who has ${name}`, async () => {
      network.change({ clientCertificate: { ...none, ...files }, ...(locked && { passphrase: sesame }) });
      assert.equal((await network.get(url)).status, 200);
      assert.deepEqual(server.clients, ['user']);
    });
    if (locked) {
      it(`is not asked where the passphrase for ${name} is missing or wrong`, async () => {
        network.change({ clientCertificate: { ...none, ...files } });
        await network.fails(url, 'passphrase');
        network.change({ passphrase: async () => 'guess' });
        await network.fails(url, 'passphrase');
        assert.equal(server.connections, 0);
        network.change({ passphrase: sesame });
        assert.equal((await network.get(url)).status, 200);
      });
    }
  }

  it('lets nobody in without one, or with one of another authority', async () => {
    for (const method of ['GET', 'POST'] as const)
      await network.fails(url, 'client_certificate_needed', { method });
    const stranger = other.issue('stranger');
    const files = { certFile: file('s.pem', stranger.cert), keyFile: file('s.key', stranger.key) };
    network.change({ clientCertificate: { ...none, ...files } });
    // Node's server closes the connection without the alert that others send.
    await network.fails(url, 'connection_lost');
    assert.deepEqual(server.clients, []);
  });

  for (const [what, files, pattern] of [
    ['a file is not there', { certFile, keyFile: `${keyFile}x` }, /user\.keyx does not exist$/],
    ['the key is another one', { certFile, keyFile: file('o.key', other.issue('o').key) }, /does not belong/],
    ['the key is none', { certFile, keyFile: caFile }, /ca\.pem holds no private key/],
    ['the certificate is none', { certFile: keyFile, keyFile }, /user\.key holds no certificate/],
    ['the PFX file is none', { pfxFile: caFile }, /ca\.pem holds no certificate \(PKCS #12\)/],
    ['there is a key alone', { keyFile }, /a key without its certificate/],
    ['there is too much', { certFile, pfxFile }, /both a PFX file and PEM files/],
    ['a path is not absolute', { pfxFile: 'user.pfx' }, /^user\.pfx is not an absolute path$/],
  ] as const) {
    it(`is not asked where ${what}`, async () => {
      network.change({ clientCertificate: { ...none, ...files } });
      const error = await network.fails(url, 'client_certificate');
      assert.match(error.detail ?? '', pattern);
      assert.equal(server.connections, 0);
    });
  }
});
