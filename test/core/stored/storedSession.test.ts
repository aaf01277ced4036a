import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { newSession } from '../../../src/core/session.ts';
import { parseHead } from '../../../src/core/stored/storedHead.ts';
import { headOf, parseSession, serialiseSession } from '../../../src/core/stored/storedSession.ts';
import { anyStored } from '../../support/sessionArbitrary.ts';

describe('a stored session', () => {
  it('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(anyStored, fc.option(fc.nat(), { nil: undefined }), (session, owner) => {
        const head = headOf(session, owner);
        const read = parseSession(serialiseSession(head, session));
        assert.deepEqual(read, { head, session });
      }),
      { numRuns: 300 },
    );
  });

  it('has a first line that is its head and tells what a list shows', () => {
    fc.assert(
      fc.property(anyStored, (session) => {
        const [line = ''] = serialiseSession(headOf(session, 7), session).split('\n');
        const head = parseHead(line);
        assert.equal(head?.id, session.state.id);
        assert.equal(head?.runs, session.state.runs.length);
        assert.equal(head?.owner, 7);
      }),
    );
  });

  it('that was tampered with is read in part of nothing: it is undefined, or a session that can be written again', () => {
    fc.assert(
      fc.property(anyStored, fc.nat(), fc.anything({ withNullPrototype: true }), (session, at, value) => {
        const text = serialiseSession(headOf(session, undefined), session);
        const [line = '', body = ''] = text.split('\n');
        const tampered = JSON.stringify(replace(JSON.parse(body), at, value)) ?? '';
        const read = parseSession(`${line}\n${tampered}`);
        if (read === undefined) return;
        assert.deepEqual(parseSession(serialiseSession(read.head, read.session)), read);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on what is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `${json}\n${json}`),
        ),
        (text) => {
          assert.equal(parseSession(text), undefined);
        },
      ),
    );
  });

  it('that ends early is none', () => {
    fc.assert(
      fc.property(
        anyStored,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (session, share) => {
          const text = serialiseSession(headOf(session, undefined), session).trimEnd();
          assert.equal(parseSession(text.slice(0, Math.floor(text.length * share))), undefined);
        },
      ),
    );
  });

  const plain = {
    state: newSession('a', { name: 'g', local: true, model: 'm' }),
    gatewayId: undefined,
    chain: { start: 0, knownFiles: [], loss: undefined, answersKept: true },
    inputs: [],
    waiting: [],
    messages: [],
    pictures: [],
  };
  const text = (head: object) => serialiseSession({ ...headOf(plain, undefined), ...head }, plain);

  it('of a newer program, or with an id that leads elsewhere, is none', () => {
    assert.ok(parseSession(text({})));
    assert.equal(parseSession(text({ version: 2 })), undefined);
    assert.equal(parseSession(text({ id: '../a' })), undefined);
    assert.equal(parseSession(text({ id: 'b' })), undefined);
    assert.equal(parseSession(text({ title: 'x'.repeat(201) })), undefined);
  });

  it('takes nothing from a prototype', () => {
    const [line = '', body = ''] = text({}).split('\n');
    const hostile = `{"__proto__":${body}}`;
    assert.equal(parseSession(`${line}\n${hostile}`), undefined);
    assert.equal(Object.hasOwn({}, 'state'), false);
  });
});

/** The same value with the `at`th of its parts, counted through, another one. */
function replace(value: unknown, at: number, other: unknown): unknown {
  const places: (() => void)[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push(() => {
        (node as Record<string, unknown>)[key] = other;
      });
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(value);
  places[at % places.length]?.();
  return value;
}
