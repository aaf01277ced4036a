import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes } from '../../src/host/format.ts';
import { formatCost, formatDuration, formatSize } from '../../src/webview/view/format.ts';

test('sizes are the same in the panel and in the tree', () => {
  for (const bytes of [0, 1, 812, 1_000, 1_023, 1_024, 1_536, 10_240, 999_999, 1_048_576, 5_000_000_000]) {
    assert.equal(formatSize(bytes, 'en').replaceAll(',', ''), formatBytes(bytes));
  }
  assert.equal(formatSize(1_536, 'de'), '1,5 KB');
});

test('times and costs have the decimal sign of the language', () => {
  const t = (text: string, ...args: string[]) => text.replace('{0}', args[0] ?? '');
  assert.equal(formatDuration(1_840, 'de', t), '1,8 s');
  assert.equal(formatDuration(1_840, 'en', t), '1.8 s');
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2, cost: 0.01234 };
  assert.equal(formatCost(usage, false, 'de', t), '$0,0123');
  assert.equal(formatCost(usage, false, 'en', t), '$0.0123');
});
