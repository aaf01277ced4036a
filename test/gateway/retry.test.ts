import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import type { ErrorKind } from '../../src/core/events.ts';
import { systemClock } from '../../src/gateway/clock.ts';
import {
  backoff,
  type Effect,
  mayRepeat,
  persist,
  persistQuietly,
  readAdvice,
  SHOWN_PATIENCE,
  type Waiting,
} from '../../src/gateway/runs/retry.ts';
import { FakeClock } from '../support/fakeClock.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const EFFECTS: readonly Effect[] = ['nothing', 'run', 'unwatchedRun', 'adds'];

/** A refusal by the server, with the headers it came with. */
const refusal = (status: number, kind: ErrorKind = 'server', headers: Record<string, string> = {}) =>
  new GatewayError({ kind, status }, { advice: readAdvice(headers, NOW) });

/** What Node and undici say when no answer comes. */
const broken = (kind: ErrorKind, cause: object, retryable = true) =>
  new GatewayError({ kind }, { retryable, cause: Object.assign(new Error('x'), cause) });

describe('whether a request may be sent again', () => {
  const cases: readonly (readonly [string, GatewayError, readonly Effect[]])[] = [
    ['408', refusal(408, 'timeout'), ['nothing', 'run']],
    ['429', refusal(429, 'rate_limited'), EFFECTS],
    ['429 for a used-up quota', refusal(429, 'quota'), []],
    ['500', refusal(500), ['nothing', 'run']],
    ['500 for an expired container', refusal(500, 'container_expired'), []],
    ['500 for a container that is gone', refusal(500, 'not_found'), []],
    ['501', refusal(501, 'route_missing'), []],
    ['505', refusal(505), []],
    ['502, where nobody knows what became of it', refusal(502), ['nothing', 'run']],
    ['504, where nobody knows what became of it', refusal(504, 'timeout'), ['nothing', 'run']],
    ['503', refusal(503), ['nothing', 'run', 'unwatchedRun']],
    ['503 that asks to come again', refusal(503, 'server', { 'retry-after': '2' }), EFFECTS],
    ['400', refusal(400, 'bad_request'), []],
    ['401', refusal(401, 'key_rejected'), []],
    ['404', refusal(404, 'not_found'), []],
    ['x-should-retry: true on 400', refusal(400, 'bad_request', { 'x-should-retry': 'true' }), EFFECTS],
    ['x-should-retry: false on 429', refusal(429, 'rate_limited', { 'x-should-retry': 'false' }), []],
    [
      'the same from the provider, through LiteLLM',
      refusal(500, 'server', { 'llm_provider-x-should-retry': 'false' }),
      [],
    ],
    [
      'a connection refused',
      broken('connection_refused', { code: 'ECONNREFUSED', syscall: 'connect' }),
      EFFECTS,
    ],
    ['a connection not made in time', broken('timeout', { code: 'UND_ERR_CONNECT_TIMEOUT' }), EFFECTS],
    ['a name not looked up', broken('name_not_found', { code: 'EAI_AGAIN' }), EFFECTS],
    ['a name that does not exist', broken('name_not_found', { code: 'ENOTFOUND' }), []],
    ['a proxy that does not answer', broken('proxy_unreachable', { code: 'ECONNREFUSED' }), EFFECTS],
    ['a certificate not trusted', broken('tls', { code: 'CERT_HAS_EXPIRED' }, false), []],
    [
      'a connection lost before a byte came',
      broken('connection_lost', { code: 'UND_ERR_SOCKET', socket: { bytesRead: 0 } }),
      ['nothing', 'run'],
    ],
    [
      'a connection reset before a byte came',
      broken('connection_lost', { code: 'ECONNRESET', bytesRead: 0 }),
      ['nothing', 'run'],
    ],
    [
      'a connection lost when bytes had come',
      broken('connection_lost', { code: 'UND_ERR_SOCKET', socket: { bytesRead: 1 } }),
      ['nothing'],
    ],
    ['an answer that is no HTTP', broken('not_understood', { code: 'HPE_INVALID_CONSTANT' }), ['nothing']],
    ['an answer not understood', new GatewayError({ kind: 'not_understood', status: 200 }), []],
  ];
  for (const [name, error, allowed] of cases) {
    it(`${name}: ${allowed.length === 0 ? 'never' : allowed.join(', ')}`, () => {
      const repeated = EFFECTS.filter((effect) => mayRepeat(error, effect));
      assert.deepEqual(repeated, allowed);
    });
  }
});

describe('what a server says of trying again', () => {
  const cases: readonly (readonly [string, Record<string, string>, number | undefined])[] = [
    ['nothing', {}, undefined],
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['parts of seconds', { 'retry-after': '0.5' }, 500],
    ['milliseconds first', { 'retry-after-ms': '1500', 'retry-after': '7' }, 1_500],
    ['a date', { 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30_000],
    [
      "a date by a clock that is wrong, told by that server's own date",
      { 'retry-after': 'Tue, 24 Nov 2026 15:00:30 GMT', date: 'Tue, 24 Nov 2026 15:00:00 GMT' },
      30_000,
    ],
    ['a date that has passed', { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, undefined],
    ['no wait at all', { 'retry-after': '0' }, undefined],
    ['nonsense', { 'retry-after': 'soon', 'retry-after-ms': '-5' }, undefined],
    ["the provider's wish, which LiteLLM renames", { 'llm_provider-retry-after': '9' }, 9_000],
    ["the gateway's own wish first", { 'retry-after': '5', 'llm_provider-retry-after': '9' }, 5_000],
    ['a time beyond all reason', { 'retry-after': '9'.repeat(300) }, 365 * 24 * 3_600_000],
  ];
  for (const [name, headers, wait] of cases) {
    it(name, () => assert.equal(readAdvice(headers, NOW).at, wait === undefined ? undefined : NOW + wait));
  }
});

describe('persist', () => {
  const options = (clock: FakeClock) =>
    ({ effect: 'nothing', patience: SHOWN_PATIENCE, clock, signal: undefined }) as const;
  const failing = (times: number, error: GatewayError) => {
    let tries = 0;
    return {
      send: async () => {
        if (++tries <= times) throw error;
        return 'done';
      },
      tries: () => tries,
    };
  };

  it('doubles its pauses from half a second to eight, and takes up to a quarter off by chance', async () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 100].map((attempt) => backoff(attempt, 0)),
      [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000],
    );
    assert.equal(backoff(1, 0.999_999) >= 375, true);
    const clock = new FakeClock();
    clock.chance = 0.5;
    assert.equal(await persistQuietly(failing(2, refusal(500)).send, options(clock)), 'done');
    assert.deepEqual(clock.waits, [437.5, 875]);
  });

  it('gives up after five tries, with what the last one said', async () => {
    const clock = new FakeClock();
    const { send, tries } = failing(99, refusal(500));
    await assert.rejects(persistQuietly(send, options(clock)), { kind: 'server' });
    assert.deepEqual([tries(), clock.waits.length], [5, 4]);
  });

  it('waits as long as the server asks, and says before that how long', async () => {
    const clock = new FakeClock();
    const error = refusal(429, 'rate_limited', { 'retry-after': '20' });
    const told: Waiting[] = [];
    for await (const wait of persist(failing(1, error).send, options(clock))) told.push(wait);
    assert.deepEqual(clock.waits, [20_000]);
    assert.deepEqual(told, [{ error, attempt: 2, until: NOW + 20_000 }]);
  });

  it('gives up at once where the server asks for more than there is patience, and says when to come again', async () => {
    const clock = new FakeClock();
    const error = refusal(429, 'rate_limited', { 'retry-after': '3600' });
    const { send, tries } = failing(1, error);
    await assert.rejects(persistQuietly(send, options(clock)), (thrown: unknown) => {
      assert.ok(thrown instanceof GatewayError);
      assert.equal(thrown.toRunError().retryAt, NOW + 3_600_000);
      return true;
    });
    assert.deepEqual([tries(), clock.waits], [1, []]);
  });

  it('begins no try when all its time has gone, even with tries left', async () => {
    const clock = new FakeClock();
    const slow = async () => {
      await clock.sleep(30_000, undefined);
      throw refusal(500);
    };
    await assert.rejects(persistQuietly(slow, options(clock)), { kind: 'server' });
    assert.deepEqual(clock.waits, [30_000, 500, 30_000, 1_000, 30_000]);
  });

  it('leaves alone what is no failure of a request', async () => {
    const wrong = new TypeError('a mistake of ours');
    const clock = new FakeClock();
    await assert.rejects(
      persistQuietly(() => Promise.reject(wrong), options(clock)),
      wrong,
    );
    assert.deepEqual(clock.waits, []);
  });

  it('ends at once with the reason when it is aborted while it waits', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const error = refusal(429, 'rate_limited', { 'retry-after': '60' });
    const tries = persist(failing(9, error).send, {
      ...options(new FakeClock()),
      clock: { ...systemClock, now: () => NOW },
      signal: stop.signal,
    });
    await tries.next();
    const waiting = tries.next();
    const start = performance.now();
    setTimeout(() => stop.abort(reason), 20);
    await assert.rejects(waiting, reason);
    assert.ok(performance.now() - start < 5_000);
  });
});
