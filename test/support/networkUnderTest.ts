import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { GatewayError } from '../../src/core/errors.ts';
import type { ErrorKind } from '../../src/core/events.ts';
import type { NetworkSettings } from '../../src/gateway/network/network.ts';
import { Transport, type TransportRequest } from '../../src/gateway/network/transport.ts';

/** What must never be in an error. */
export const SECRETS = ['test-key-0123456789', 'pa%ss@word', 'pa%25ss%40word'] as const;

/** A transport whose settings a test changes, and what it told its log. */
export class NetworkUnderTest implements AsyncDisposable {
  settings: NetworkSettings = { proxy: '', noProxy: [], strictTls: true, env: {} };
  readonly notes: string[] = [];
  readonly warnings: string[] = [];
  readonly transport = new Transport(() => this.settings, {
    info: (text) => this.notes.push(text),
    warn: (text) => this.warnings.push(text),
  });

  constructor(settings: Partial<NetworkSettings> = {}) {
    this.change(settings);
  }

  change(settings: Partial<NetworkSettings>): void {
    this.settings = { ...this.settings, ...settings };
  }

  /** Sends a request with a key, and reads the answer whole. */
  async get(url: string, more: Partial<TransportRequest> = {}): Promise<{ status: number; text: string }> {
    const { status, body } = await this.transport.request({
      method: 'GET',
      url: new URL(url),
      headers: { authorization: `Bearer ${SECRETS[0]}` },
      headersTimeout: 10_000,
      bodyTimeout: 10_000,
      ...more,
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return { status, text: Buffer.concat(chunks).toString() };
  }

  /** Checks that a request fails, with which kind, and that its error gives nothing away. @returns the error */
  async fails(url: string, kind: ErrorKind, more: Partial<TransportRequest> = {}): Promise<GatewayError> {
    const error = await this.get(url, more).then(
      ({ status }) => assert.fail(`it was answered with ${status}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof GatewayError, String(error));
    assert.equal(error.kind, kind, `${error.stack}\ncause: ${String(error.cause)}`);
    const everything = inspect(error, { depth: 10 });
    for (const secret of SECRETS) assert.ok(!everything.includes(secret), `${secret} is in the error`);
    return error;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.transport.close();
  }
}
