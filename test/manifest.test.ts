import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import * as ids from '../src/host/ids.ts';
import { isRecord, parseJson } from './support/json.ts';
import { root } from './support/tools.ts';

const { COMMANDS, CONTEXT, FILE_SCHEME, PANEL_TYPE, SETTINGS, VIEWS } = ids;
const manifestText = read('package.json');
const manifest = record(parseJson(manifestText));
const contributes = record(manifest['contributes']);

describe('package.json and the code', () => {
  it('name the same commands', () => {
    const declared = list(contributes['commands']).map((command) => String(record(command)['command']));
    assert.deepEqual(declared.toSorted(), Object.values(COMMANDS).toSorted());
  });

  it('name the same views', () => {
    const declared = Object.values(record(contributes['views']))
      .flatMap(list)
      .map((view) => String(record(view)['id']));
    assert.deepEqual(declared.toSorted(), Object.values(VIEWS).toSorted());
  });

  it('name the same settings', () => {
    const declared = [contributes['configuration']]
      .flat()
      .flatMap((part) => Object.keys(record(record(part)['properties'])));
    const { section, ...names } = SETTINGS;
    assert.deepEqual(
      declared.toSorted(),
      Object.values(names)
        .map((name) => `${section}.${name}`)
        .toSorted(),
    );
  });

  it('point menus, keys and links to commands that exist', () => {
    const menus = Object.values(record(contributes['menus'] ?? {})).flatMap(list);
    const keys = list(contributes['keybindings'] ?? []);
    const pointed = [...menus, ...keys]
      .map((entry) => record(entry)['command'])
      .filter((id) => typeof id === 'string');
    const texts = `${manifestText}${read('package.nls.json')}`;
    const links = [...texts.matchAll(/\(command:(codeInterpreter\.[\w.]+)/g)].map((match) => match[1] ?? '');
    const known = new Set<string>([
      ...Object.values(COMMANDS),
      ...Object.values(VIEWS).map((view) => `${view}.focus`),
    ]);
    assert.deepEqual(
      [...pointed, ...links].filter((id) => id.startsWith('codeInterpreter.') && !known.has(id)),
      [],
    );
  });

  it('use no other id of this extension in a condition', () => {
    const known = new Set<string>([
      ...Object.values(COMMANDS),
      ...Object.values(VIEWS),
      ...Object.values(CONTEXT),
      PANEL_TYPE,
    ]);
    const conditions = [...manifestText.matchAll(/"(?:when|enablement)": "([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    const used = conditions.flatMap((text) =>
      [...text.matchAll(/codeInterpreter\.\w+/g)].map((match) => match[0]),
    );
    const schemes = conditions.flatMap((text) =>
      [...text.matchAll(/resourceScheme == '?([\w-]+)/g)].map((match) => match[1] ?? ''),
    );
    assert.deepEqual(
      used.filter((id) => !known.has(id)),
      [],
    );
    assert.deepEqual(
      schemes.filter(
        (scheme) => scheme !== FILE_SCHEME && !['file', 'untitled', 'vscode-remote'].includes(scheme),
      ),
      [],
    );
  });

  it('use no id that src/host/ids.ts does not have', () => {
    const known = new Set(
      Object.values(ids).flatMap((value) => (typeof value === 'string' ? [value] : Object.values(value))),
    );
    for (const name of Object.values(SETTINGS)) known.add(`${SETTINGS.section}.${name}`);
    const found = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .map((file) => `src/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [...read(file).matchAll(/['"`](codeInterpreter\.[\w.]+)/g)].map((match) => ({
          file,
          id: match[1] ?? '',
        })),
      );
    assert.deepEqual(
      found.filter(({ id }) => !known.has(id)),
      [],
    );
  });

  it('translate every text that is marked, and mark every text that is translated', () => {
    const marked = new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''));
    const translated = Object.keys(record(parseJson(read('package.nls.json'))));
    assert.deepEqual([...marked].toSorted(), translated.toSorted());
  });

  it('keep what decides where keys go out of reach of a workspace', () => {
    const parts = [contributes['configuration']].flat().map((part) => record(record(part)['properties']));
    for (const properties of parts) {
      const deciding = [
        'gateway.url',
        'gateway.caFile',
        'gateway.clientCertificate',
        'localGateway.nodePath',
      ];
      for (const name of deciding.map((name) => `${SETTINGS.section}.${name}`)) {
        assert.equal(record(properties[name])['scope'], 'machine', name);
      }
    }
  });
});

describe('package-lock.json', () => {
  it('holds every package for every platform, so that npm ci accepts it', () => {
    const packages = record(record(parseJson(read('package-lock.json')))['packages']);
    const missing = Object.values(packages)
      .flatMap((entry) => Object.keys(record(record(entry)['optionalDependencies'] ?? {})))
      .filter((name) => !Object.keys(packages).some((key) => key.endsWith(`node_modules/${name}`)));
    assert.deepEqual(missing, []);
  });
});

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function record(value: unknown): Record<string, unknown> {
  assert.ok(isRecord(value));
  return value;
}

function list(value: unknown): unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}
