import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { describeError } from '../../src/core/errorText.ts';
import { LocalGateway } from '../../src/host/gateways/localGateway.ts';
import type { Log } from '../../src/host/log.ts';
import { slimVsixFile, vsixFile } from '../support/tools.ts';
import { readZip, type ZipEntry } from '../support/zip.ts';

const MB = 1024 * 1024;

/** What belongs to the local Python alone. */
const localPython = /^extension\/dist\/(python\/.+|localGateway\.js|sandbox\.js)$/;

describe('the extension packaged without Python', () => {
  let entries: readonly ZipEntry[];
  let folder: string;

  before(() => {
    entries = readZip(slimVsixFile()).filter((entry) => !entry.name.endsWith('/'));
    folder = mkdtempSync(path.join(tmpdir(), 'slim-vsix-'));
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, entry.read());
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what the full one holds, less the local Python', () => {
    const full = readZip(vsixFile()).map((entry) => entry.name);
    const left = full.filter((name) => !localPython.test(name) && !name.endsWith('/'));
    assert.ok(left.length < full.length);
    assert.deepEqual(entries.map((entry) => entry.name).toSorted(), left.toSorted());
  });

  it('is at most 1 MB', () => {
    const { size } = statSync(slimVsixFile());
    assert.ok(size <= MB, `${(size / MB).toFixed(2)} MB`);
  });

  it('says in one sentence that it carries no Python, with the way out, and starts nothing', async () => {
    const log = { info: () => assert.fail('nothing is there to be started') } as unknown as Log;
    const program = path.join(folder, 'extension', 'dist', 'localGateway.js');
    const local = new LocalGateway(program, () => assert.fail('nothing is there to be set'), log);
    const error = await local.address().catch((found: unknown) => found);
    assert.ok(error instanceof GatewayError);
    assert.deepEqual(
      describeError(error.toRunError(), (text) => text),
      {
        sentence:
          'This build of the extension carries no Python: set up a gateway, or install the full build.',
        action: 'setUpGateway',
      },
    );
  });
});
