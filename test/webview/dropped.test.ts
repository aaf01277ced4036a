import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canBeAttached, parseUriList } from '../../src/webview/dropped.ts';

test('addresses of files are taken, web pages and comments are not', () => {
  const list = [
    '# a comment',
    'file:///home/me/sales%20(2).csv',
    'vscode-remote://ssh-remote+box/data/x.csv',
    'https://example.com/x.csv',
    'javascript:alert(1)',
    'data:text/csv,a',
    'no address',
    '',
  ].join('\r\n');
  assert.deepEqual(parseUriList(list), [
    'file:///home/me/sales%20(2).csv',
    'vscode-remote://ssh-remote+box/data/x.csv',
  ]);
  assert.equal(parseUriList('file:///a\n'.repeat(80)).length, 50);
});

test('files and addresses can be dropped, text cannot', () => {
  assert.ok(canBeAttached(['Files']));
  assert.ok(canBeAttached(['text/plain', 'application/vnd.code.uri-list']));
  assert.ok(!canBeAttached(['text/plain', 'text/html']));
});
