import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MdNode, parseMarkdown, picturesIn } from '../../src/webview/markdown/markdown.ts';
import { MarkdownStream } from '../../src/webview/markdown/markdownStream.ts';

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<style>*{}</style>',
  '<iframe src="https://evil"></iframe>',
  '<svg onload=alert(1)>',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java&#10;script:alert(1))',
  '[a](command:workbench.action.quit)',
  '[a](vscode://x/y)',
  '[a](data:text/html,<script>)',
  '[a](file:///etc/passwd)',
  '[a](vbscript:x)',
  '<javascript:alert(1)>',
  '<command:x>',
  '[a]: javascript:x\n\n[a]',
  '![a](https://evil/x.png)',
  '![a](data:image/svg+xml,<svg>)',
  '![a](file:///x.png)',
  '![a](command:x)',
  '[a](//evil)',
  '[a](\\\\evil\\share)',
  'javascript:alert(1)',
  '[a](sandbox:/mnt/data/x" onclick="alert(1))',
  '[a](https://ok "x" onclick=alert(1))',
  '| <b> |\n|--|\n| <i onclick=x> |',
  '&lt;script&gt;',
  '[a](sandbox:javascript:x)',
];

const TAGS = new Set(
  'p h3 h4 h5 h6 blockquote ul ol li table thead tbody tr th td hr br em strong s code'.split(' '),
);

function check(nodes: readonly MdNode[]): void {
  for (const node of nodes) {
    if (typeof node === 'string') continue;
    switch (node.kind) {
      case 'element':
        assert.ok(TAGS.has(node.tag), node.tag);
        assert.deepEqual(
          Object.keys(node).filter((key) => !['kind', 'tag', 'children', 'start', 'align'].includes(key)),
          [],
        );
        check(node.children);
        break;
      case 'link':
        assert.match(node.href, /^(?:https?:\/\/|sandbox:\/|\/mnt\/data\/)/i);
        check(node.children);
        break;
      case 'image':
        assert.match(node.src, /^(?:https?:\/\/|sandbox:\/|\/mnt\/data\/|streamdown:)/i);
        break;
      case 'code':
        break;
    }
  }
}

test('hostile Markdown becomes only elements on the list, links only to the web and to files', () => {
  for (const text of hostile) check(parseMarkdown(text));
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...hostile, '\n', '\n\n', ' ', '> ', '- ', '**', '`', '[', '](', ')'), {
        maxLength: 12,
      }),
      (parts) => {
        const stream = new MarkdownStream();
        for (const part of parts) check(stream.push(part).open ?? []);
        check(parseMarkdown(parts.join('')));
      },
    ),
  );
});

test('HTML is shown as it was written', () => {
  assert.deepEqual(parseMarkdown('<b>x</b>'), [{ kind: 'element', tag: 'p', children: ['<b>x</b>'] }]);
});

test('names of files are not taken for sites, addresses are', () => {
  const kinds = (text: string) => JSON.stringify(parseMarkdown(text)).includes('"link"');
  assert.equal(kinds('run plot.py and read data.md, mail me@example.com'), false);
  assert.equal(kinds('see https://example.com/a'), true);
});

test('links to files may have spaces, brackets and bare paths', () => {
  const href = (text: string) => /"href":"([^"]*)"/.exec(JSON.stringify(parseMarkdown(text)))?.[1];
  assert.equal(href('[x](sandbox:/mnt/data/my file (1).csv)'), 'sandbox:/mnt/data/my%20file%20(1).csv');
  assert.equal(href('[x](/mnt/data/a.csv)'), '/mnt/data/a.csv');
  assert.equal(href('[x](sandbox:/mnt/data/a.csv "title")'), 'sandbox:/mnt/data/a.csv');
});

test('pictures of an answer are found, in code they are not', () => {
  assert.deepEqual(picturesIn('![a](sandbox:/mnt/data/a.png)\n\n`![b](sandbox:/b.png)`\n'), [
    'sandbox:/mnt/data/a.png',
  ]);
});
