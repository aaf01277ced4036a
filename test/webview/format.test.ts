import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes } from '../../src/host/format.ts';
import { formatSize } from '../../src/webview/view/format.ts';

test('sizes are the same in the panel and in the tree', () => {
  for (const bytes of [0, 1, 812, 1_000, 1_023, 1_024, 1_536, 10_240, 999_999, 1_048_576, 5_000_000_000]) {
    assert.equal(formatSize(bytes, 'en').replaceAll(',', ''), formatBytes(bytes));
  }
  assert.equal(formatSize(1_536, 'de'), '1,5 KB');
});
