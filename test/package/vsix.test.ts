import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { isRecord, parseJson } from '../support/json.ts';
import { loadedAtStart } from '../support/loadedAtStart.ts';
import { root, vsixFile } from '../support/tools.ts';
import { readZip, type ZipEntry } from '../support/zip.ts';

const MB = 1024 * 1024;

const expected: readonly RegExp[] = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/package\.json$/,
  /^extension\/package\.nls(\.[a-z-]+)?\.json$/,
  /^extension\/(readme|changelog)\.md$/i,
  /^extension\/LICENSE(\.txt)?$/,
  /^extension\/l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^extension\/media\/[\w./-]+\.(svg|png|css|md)$/,
  /^extension\/dist\/(extension|localGateway|sandbox|webview)\.js$/,
  /^extension\/dist\/host\/[\w-]+\.js$/,
  /^extension\/dist\/codicon\.(css|ttf)$/,
  /^extension\/dist\/NOTICES$/,
  /^extension\/dist\/python\/(manifest\.json|NOTICES|[\w.-]+\.(pack|wasm|zip|br|data))$/,
];

describe('the packaged extension', () => {
  let entries: ZipEntry[];
  let names: Set<string>;
  let file: string;

  before(() => {
    file = vsixFile();
    entries = readZip(file).filter((entry) => !entry.name.endsWith('/'));
    names = new Set(entries.map((entry) => entry.name));
  });

  it('holds only what it needs to run', () => {
    const others = [...names].filter((name) => !expected.some((pattern) => pattern.test(name)));
    assert.deepEqual(others, []);
  });

  it('holds every program, the built-in Python and the texts', () => {
    const wanted = [
      'package.json',
      'package.nls.json',
      'readme.md',
      'changelog.md',
      'LICENSE.txt',
      'dist/extension.js',
      'dist/localGateway.js',
      'dist/sandbox.js',
      'dist/webview.js',
      'dist/NOTICES',
      'dist/python/manifest.json',
      'dist/python/NOTICES',
    ].map((name) => `extension/${name}`);
    assert.deepEqual(
      wanted.filter((name) => !names.has(name)),
      [],
    );
  });

  it('holds each file of the built-in Python that its manifest names, whole', () => {
    const manifest = parseJson(read('extension/dist/python/manifest.json').toString());
    const files = isRecord(manifest) ? manifest['files'] : undefined;
    assert.ok(isRecord(files));
    for (const [name, facts] of Object.entries(files)) {
      const entry = entries.find((found) => found.name === `extension/dist/python/${name}`);
      assert.equal(entry?.size, isRecord(facts) ? facts['bytes'] : undefined, name);
    }
  });

  it('holds every file that its manifest points to', () => {
    const text = read('extension/package.json').toString();
    const pointed = [...text.matchAll(/"(?:\.\/)?((?:media|dist)\/[^"]+)"/g)].map((match) => match[1] ?? '');
    assert.ok(pointed.length > 0);
    assert.deepEqual(
      pointed.filter((name) => !names.has(`extension/${name}`)),
      [],
    );
  });

  it('holds every picture that its README shows', () => {
    const text = read('extension/readme.md').toString();
    const shown = [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] ?? '');
    assert.deepEqual(
      shown.filter((name) => !names.has(`extension/${name}`)),
      [],
    );
  });

  it('names no folder of the machine that built it', () => {
    const texts = entries.filter((entry) => /\.(js|json|css|md|html)$|NOTICES$/.test(entry.name));
    const own = [root, homedir()].filter((folder) => folder.length > 5 || folder === homedir());
    for (const entry of texts) {
      const text = entry.read().toString();
      for (const folder of own)
        assert.ok(!text.includes(`${folder}${path.sep}`), `${entry.name} names ${folder}`);
      assert.ok(!text.includes('sourceMappingURL='), `${entry.name} points to a source map`);
    }
  });

  it('is at most 25 MB, and starts from small programs', () => {
    const { size } = statSync(file);
    assert.ok(size <= 25 * MB, `${(size / MB).toFixed(1)} MB`);
    const limits = { 'extension.js': 1.5, 'localGateway.js': 1, 'webview.js': 1, 'sandbox.js': 2.5 };
    for (const [name, limit] of Object.entries(limits)) {
      const found = entries.find((entry) => entry.name === `extension/dist/${name}`);
      assert.ok(
        found !== undefined && found.size <= limit * MB,
        `${name}: ${((found?.size ?? 0) / MB).toFixed(2)} MB`,
      );
    }
  });

  it('reads at most 60 KiB of code before the first command', async () => {
    const files = await loadedAtStart(file);
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(files.some(({ name }) => name === path.join('dist', 'extension.js')));
    assert.ok(total <= 60 * 1024, JSON.stringify(files));
  });

  function read(name: string): Buffer {
    const entry = entries.find((found) => found.name === name);
    assert.ok(entry, `${name} is missing`);
    return entry.read();
  }
});
