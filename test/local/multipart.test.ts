import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { boundaryOf, parseMultipart } from '../../src/local/http/multipart.ts';

async function* inPieces(body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

function form(...parts: readonly (readonly [head: string, body: string | Buffer])[]): Buffer {
  const chunks: Buffer[] = [];
  for (const [head, body] of parts)
    chunks.push(Buffer.from(`--b\r\n${head}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n'));
  return Buffer.concat([...chunks, Buffer.from('--b--\r\n')]);
}

const FILE = 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv';

suite('multipart bodies', () => {
  const tricky = Buffer.from([0, 13, 10, 45, 45, 97, 120, 13, 10, 45, 45, 13, 13, 10, 255]);
  const body = form(
    ['Content-Disposition: form-data; name="purpose"', 'user_data'],
    [FILE, tricky],
    [FILE, ''],
  );
  for (const size of [1, 2, 3, 7, 64, body.length]) {
    test(`in pieces of ${size} bytes give the same parts`, async () => {
      const parts = await parseMultipart(inPieces(body, size), 'b');
      assert.deepEqual(
        parts.map((part) => [part.name, part.filename, [...part.bytes]]),
        [
          ['purpose', undefined, [...Buffer.from('user_data')]],
          ['file', 'a.csv', [...tricky]],
          ['file', 'a.csv', []],
        ],
      );
    });
  }

  test('as fetch writes them', async () => {
    const sent = new FormData();
    sent.append('file', new Blob(['x,y\n']), 'naïve "quoted" 表.csv');
    const request = new Request('http://127.0.0.1/', { method: 'POST', body: sent });
    const boundary = boundaryOf(request.headers.get('content-type') ?? '');
    assert.ok(boundary);
    const parts = await parseMultipart(inPieces(Buffer.from(await request.arrayBuffer()), 5), boundary);
    assert.equal(parts[0]?.filename, 'naïve "quoted" 表.csv');
    assert.equal(parts[0]?.bytes.toString(), 'x,y\n');
  });

  const names: readonly (readonly [head: string, filename: string])[] = [
    ['name=file; filename=plain.csv', 'plain.csv'],
    ['name="file"; filename="back\\"slash.csv"', 'back"slash.csv'],
    ['name="file"; filename="ascii.csv"; filename*=UTF-8\'\'%e8%a1%a8.csv', '表.csv'],
    ['name="file"; filename="../../etc/passwd"', '../../etc/passwd'],
    ['filename="first.csv"; name="file"', 'first.csv'],
  ];
  for (const [head, filename] of names) {
    test(`a name written as ${head}`, async () => {
      const parts = await parseMultipart(
        inPieces(form([`content-disposition: form-data; ${head}`, 'x']), 9),
        'b',
      );
      assert.equal(parts[0]?.filename, filename);
    });
  }

  const broken: readonly (readonly [name: string, body: string, words: RegExp])[] = [
    ['nothing', '', /ends before/],
    ['no boundary', 'hello', /ends before/],
    ['cut in a part', `--b\r\n${FILE}\r\n\r\nabc`, /ends before/],
    ['cut in a head', `--b\r\n${FILE}`, /ends before/],
    ['a part without a name', '--b\r\nContent-Type: text/csv\r\n\r\nx\r\n--b--', /which field/],
    ['a part without headers', '--b\r\n\r\nx\r\n--b--', /which field/],
    ['a boundary with a tail', '--bxyz\r\n\r\nx\r\n--b--', /followed by something else/],
    ['a head without end', `--b\r\nX: ${'y'.repeat(20_000)}`, /too long/],
    ['too many parts', `${`--b\r\n${FILE}\r\n\r\nx\r\n`.repeat(40)}--b--`, /more than 32/],
  ];
  for (const [name, text, words] of broken) {
    test(`broken: ${name}`, async () => {
      await assert.rejects(parseMultipart(inPieces(Buffer.from(text), 11), 'b'), words);
    });
  }

  test('boundaries are read from the header', () => {
    assert.equal(boundaryOf('multipart/form-data; boundary=abc'), 'abc');
    assert.equal(boundaryOf('Multipart/Form-Data; charset=utf-8; boundary="a b"'), 'a b');
    assert.equal(boundaryOf('multipart/mixed; boundary=abc'), undefined);
    assert.equal(boundaryOf('application/json'), undefined);
    assert.equal(boundaryOf(undefined), undefined);
  });
});
