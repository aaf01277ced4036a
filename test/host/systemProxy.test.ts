import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { systemProxyOf } from '../../src/host/gateways/systemProxy.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'editor-'));
after(() => rmSync(folder, { recursive: true }));

/** An editor's folder whose proxy module is this source. */
function editor(name: string, source: string, modules = 'node_modules'): string {
  const root = path.join(folder, name);
  const place = path.join(root, modules, '@vscode', 'proxy-agent');
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'index.js'), source);
  return root;
}

describe("the system's proxy", () => {
  const url = new URL('https://llm.example.com/v1/models');
  const ask = async (root: string) => {
    const warnings: string[] = [];
    const find = systemProxyOf(root, (text) => warnings.push(text));
    return [await find(url), await find(url), warnings.length];
  };

  it('is what the editor says of the whole address', async () => {
    const source = "exports.resolveProxyURL = async (url) => 'http://proxy:1/?' + url;";
    const told = `http://proxy:1/?${url.href}`;
    assert.deepEqual(await ask(editor('plain', source)), [told, told, 0]);
    assert.deepEqual(await ask(editor('packed', source, 'node_modules.asar')), [told, told, 0]);
  });

  it('is none where the editor says so, or cannot be asked', async () => {
    const none = [undefined, undefined, 0];
    assert.deepEqual(await ask(editor('direct', 'exports.resolveProxyURL = async () => undefined;')), none);
    assert.deepEqual(await ask(editor('other', 'exports.somethingElse = 1;')), none);
    assert.deepEqual(await ask(path.join(folder, 'missing')), none);
  });

  it('is none where the editor fails, which is warned of once', async () => {
    const failing = 'exports.resolveProxyURL = async () => { throw new Error("no") };';
    assert.deepEqual(await ask(editor('failing', failing)), [undefined, undefined, 1]);
    assert.deepEqual(await ask(editor('broken', 'throw new Error("no")')), [undefined, undefined, 1]);
  });
});
