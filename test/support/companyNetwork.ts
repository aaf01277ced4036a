import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';
import { Authority } from './certificates.ts';
import { FaultServer } from './faultServer.ts';
import { NetworkUnderTest } from './networkUnderTest.ts';
import { TlsServer } from './tlsServer.ts';

/**
 * A gateway of https and one of http in a company's network, and a transport that trusts the company's authority. Their
 * host name exists for proxies alone, so that what arrives has come through one.
 */
export function companyNetwork() {
  const authority = new Authority('Company CA');
  const identity = authority.issue('company', { hosts: ['gateway.test', '127.0.0.1'] });
  const folder = mkdtempSync(path.join(tmpdir(), 'company-'));
  const caFile = path.join(folder, 'ca.pem');
  let secure: TlsServer;
  let plain: FaultServer;
  let network: NetworkUnderTest;
  before(async () => {
    writeFileSync(caFile, authority.cert);
    secure = await TlsServer.start({ identity });
    plain = await FaultServer.start();
  });
  after(async () => {
    await secure[Symbol.asyncDispose]();
    await plain[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    secure.clients.length = 0;
    secure.answer = (_request, response) => response.end('{}');
    plain.received.length = 0;
    plain.always(200, { plain: true });
    network = new NetworkUnderTest({ caFile });
  });
  afterEach(() => network[Symbol.asyncDispose]());
  return {
    /** For a proxy of the company: good for 127.0.0.1. */
    identity,
    secure: () => secure,
    plain: () => plain,
    network: () => network,
    secureUrl: () => `https://gateway.test:${secure.port}/v1/models?limit=1`,
    plainUrl: () => plain.url.replace('127.0.0.1', 'gateway.test'),
  };
}
