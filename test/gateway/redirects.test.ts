import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { FaultServer } from '../support/faultServer.ts';

const { server, client } = clientUnderTest();
let elsewhere: FaultServer;
before(async () => {
  elsewhere = await FaultServer.start();
});
after(() => elsewhere[Symbol.asyncDispose]());
beforeEach(() => {
  elsewhere.received.length = 0;
});

const run = async () => {
  const request = {
    model: 'm',
    input: 'hi',
    containerId: undefined,
    previousResponseId: undefined,
    stream: true,
  };
  for await (const _batch of client().run(request, new AbortController().signal));
};

describe('a redirect', () => {
  const places: Record<string, () => readonly [string, string | undefined]> = {
    'another port': () => [`${elsewhere.url}/v1/models`, elsewhere.url],
    'another host': () => {
      const host = elsewhere.url.replace('127.0.0.1', 'localhost');
      return [`${host}/v1/models?state=secret`, host];
    },
    'another scheme': () => [`//sso.example.com/login?state=secret`, 'http://sso.example.com'],
    'a place with a password': () => ['https://me:secret@example.com/', 'https://example.com'],
    'another path of its own': () => ['/v1/responses/?state=secret', `${server().url}/v1/responses/`],
    'no place at all': () => ['http://', undefined],
  };
  for (const status of [301, 302, 303, 307, 308]) {
    for (const [name, place] of Object.entries(places)) {
      it(`${status} to ${name} is not followed, and said to lead there`, async () => {
        const [location, told] = place();
        server().always(status, {}, { location });
        for (const send of [() => client().models(), run]) {
          server().received.length = 0;
          await assert.rejects(send, (error) => {
            assert.ok(error instanceof GatewayError, String(error));
            assert.deepEqual([error.kind, error.status, error.detail], ['redirected', status, told]);
            return true;
          });
          assert.equal(server().received.length, 1);
        }
        assert.equal(elsewhere.received.length, 0);
      });
    }
  }
});
