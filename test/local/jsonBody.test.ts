import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from '../../src/local/http/apiError.ts';
import { parseJsonBody } from '../../src/local/http/json.ts';
import { at, KEY, testGateway } from './testGateway.ts';

function statusOf(body: string | Buffer): number {
  try {
    parseJsonBody(Buffer.from(body));
    return 200;
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return error.status;
  }
}

suite('JSON bodies', () => {
  const nested = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels);
  const cases: readonly (readonly [name: string, body: string | Buffer, status: number])[] = [
    ['an object', '{"a":[1,{"b":null}]}', 200],
    ['null, which is nothing', 'null', 200],
    ['with a byte order mark', '\ufeff{"a":1}', 200],
    ['cut', '{"a":', 400],
    ['two', '{}{}', 400],
    ['a comma too many', '{"a":1,}', 400],
    ['a list', '[1]', 400],
    ['a text', '"a"', 400],
    ['a number', '5', 400],
    ['blanks alone', '  ', 400],
    ['single quotes', "{'a':1}", 400],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['a surrogate in UTF-8', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['a NUL between values', '{"a":\0 1}', 400],
    ['a raw line break in a text', '{"a":"\n"}', 400],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 400],
    ['half a surrogate pair', '{"a":["\\ud800"]}', 422],
    ['half a surrogate pair in a name', '{"\\udc00":1}', 422],
    ['64 levels', `{"a":${nested(63)}}`, 200],
    ['65 levels', `{"a":${nested(64)}}`, 422],
    ['100,000 levels', `{"a":${nested(100_000)}}`, 422],
    ['100,000 levels of objects', `{"a":${nested(100_000, '{"a":', '}')}}`, 422],
    ['100,000 levels that never end', '{"a":'.repeat(100_000), 422],
    ['a million values', `{"a":[${'0,'.repeat(1_000_000)}0]}`, 422],
    ['brackets in a text', `{"a":"${'['.repeat(100_000)}"}`, 200],
    ['commas after an escaped quote', `{"a":"\\"${','.repeat(300_000)}"}`, 200],
    ['commas after an escaped backslash', `{"a":"\\\\",${'"b":1,'.repeat(300_000)}"c":1}`, 422],
    ['a text without end', `{"a":"${'['.repeat(100_000)}`, 400],
  ];
  for (const [name, body, status] of cases) {
    test(name, () => assert.equal(statusOf(body), status));
  }

  test('duplicate names count once, the last one', () => {
    assert.deepEqual(parseJsonBody(Buffer.from('{"a":1,"a":2}')), { a: 2 });
  });

  test('__proto__ is a name like any other, and changes no prototype', () => {
    const value = parseJsonBody(Buffer.from('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'));
    assert.deepEqual(Object.keys(value), ['__proto__', 'constructor']);
    assert.equal(Reflect.get(value, 'polluted'), undefined);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  test('whatever JSON.parse makes an object of, within the bounds, is that object', () => {
    const json = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 5 }));
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        if (!/\\ud[89a-f]/.test(text)) {
          assert.deepEqual(parseJsonBody(Buffer.from(text)), JSON.parse(text));
        }
      }),
    );
  });

  test('no bytes at all make it fail in another way than by an ApiError', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u',
      'd800',
      '1e999',
      'é',
      '\0',
      'a',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (body) => {
          assert.ok([200, 400, 422].includes(statusOf(Buffer.from(body as string))));
        },
      ),
    );
  });
});

suite('at the gateway', () => {
  const bodies: readonly (readonly [name: string, body: string, status: number])[] = [
    [
      '100,000 levels in what is repeated',
      `{"model":"built-in","input":"x","metadata":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
      422,
    ],
    ['__proto__ as a parameter', '{"model":"built-in","input":"x","__proto__":{"stream":true}}', 400],
    [
      '__proto__ in metadata',
      '{"model":"built-in","input":"x","metadata":{"__proto__":"x","constructor":"y"}}',
      200,
    ],
    ['a NUL in the prompt', '{"model":"built-in","input":"a\\u0000b"}', 200],
    ['a number beyond all numbers', '{"model":"built-in","input":"x","max_output_tokens":1e999}', 400],
    ['minus nothing', '{"model":"built-in","input":"x","temperature":-0}', 200],
    ['a prompt of half a character', '{"model":"built-in","input":"\\ud83d"}', 422],
  ];
  for (const [name, body, status] of bodies) {
    test(name, async () => {
      await using gateway = await testGateway();
      const answer = await gateway.ask('POST', '/v1/responses', body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      if (status === 200) assert.equal(answer.body['status'], 'completed');
      else
        assert.deepEqual(Object.keys(at(answer.body, 'error') ?? {}), ['message', 'type', 'param', 'code']);
    });
  }

  test('nothing at all is an empty object', async () => {
    await using gateway = await testGateway();
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
    });
    assert.equal(at(await answer.json(), 'error', 'param'), 'model');
  });
});
