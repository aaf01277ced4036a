import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { highlightPython, PythonStream, type Span } from '../../src/webview/highlight.ts';

function join(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { text, scope } of spans) {
    const last = joined.at(-1);
    if (last && last.scope === scope) joined[joined.length - 1] = { text: last.text + text, scope };
    else if (text !== '') joined.push({ text, scope });
  }
  return joined;
}

const fragments = fc.constantFrom(
  'import numpy as np\n',
  'def f(a, b=1):\n',
  '    return a\n',
  'class A(B):\n',
  'class A(\n',
  'B\n',
  '):\n',
  'x = """text\n',
  'more "quotes\n',
  '"""\n',
  "'''",
  '# comment def class\n',
  '@decorator(1)\n',
  'f"value {x + 1} {y!r}"\n',
  'for i in range(10):\n',
  '    print(i, end="")\n',
  '"unterminated\n',
  '\n',
  '\r\n',
  'x = {\n',
  "    'a': 1,\n",
  '}\n',
  '>>> x\n',
  'self.x = None\n',
  'async def g(\n',
  '    *, a: int = 0x1F,\n',
  ') -> str: ...\n',
  'r"\\d+"\n',
  'lambda x: x\n',
  'if x or y:\n',
  '1_000.5e-3j\n',
  '=> <b>\n',
  'def',
  'class',
  ' ',
  'f',
  '(',
  ')',
);

test('code coloured as it arrives is coloured as the whole', () => {
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (parts, size) => {
      const code = parts.join('');
      const stream = new PythonStream();
      const closed: Span[] = [];
      for (let at = 0; at < code.length; at += size)
        closed.push(...stream.push(code.slice(at, at + size)).closed);
      closed.push(...stream.finish().closed);
      assert.deepEqual(join(closed), join(highlightPython(code.replace(/\r\n?/g, '\n'))));
    }),
    { numRuns: 1_500 },
  );
});

test('at every moment all of the code is there', () => {
  const code = 'x = """\nlong\ntext\n"""\ndef f(\n    a,\n):\n    return a\n';
  const stream = new PythonStream();
  let closed = '';
  let open = '';
  for (const [place, character] of [...code].entries()) {
    const update = stream.push(character);
    closed += update.closed.map((span) => span.text).join('');
    if (update.open) open = update.open.map((span) => span.text).join('');
    assert.equal(closed + open + update.tail, code.slice(0, place + 1));
  }
});

test('a line that ends outside any string is closed at once, so that nothing is looked at twice', () => {
  const stream = new PythonStream();
  for (let place = 0; place < 2_000; place++) {
    const line = `value_${place} = compute(${place}, "text")\n`;
    const { closed, open, tail } = stream.push(line);
    assert.equal(closed.map(({ text }) => text).join(''), line);
    assert.deepEqual({ open, tail }, { open: [], tail: '' });
  }
});
