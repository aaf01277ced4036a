import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { credits, insidePyodide, insideWheels } from './pythonLibraries.mjs';
import { wheelMembers } from './pythonWheels.mjs';

/**
 * The notices file of the pack: each part's name, version, licence, origin, and the licence texts its wheel carries.
 * @param {{ core: string, wheelDir: string, origins: Map<string, string>,
 *   wheels: readonly { name: string, version: string, file_name: string, sha256: string }[] }} parts
 * @returns {Promise<string>}
 */
export async function notices({ core, wheelDir, wheels, origins }) {
  const pyodide = JSON.parse(await readFile(path.join(core, 'package.json'), 'utf8'));
  const out = [
    'Third-party parts of the Python pack',
    '',
    'The pack is made by scripts/pythonPack.mjs. Nothing in it is changed, except that parts which are not needed to',
    'run are left out (tests, sample data, headers, type stubs, some fonts) and Python source is compiled.',
    '',
    ...credits,
    '',
    rule,
    `Pyodide ${pyodide.version}`,
    `Licence: ${pyodide.license} (https://www.mozilla.org/MPL/2.0/)`,
    `Source: ${pyodide.homepage}; taken from the npm package pyodide ${pyodide.version}.`,
    'Its JavaScript is part of dist/sandbox.js, its WebAssembly and standard library of dist/python/python.pack.',
    '',
    ...inside(insidePyodide),
  ];
  for (const { name, version, file_name, sha256 } of wheels) {
    const members = await wheelMembers(path.join(wheelDir, file_name));
    const info = [...members.keys()].filter((member) => member.includes('.dist-info/'));
    const metadata = (await members.get(info.find((member) => member.endsWith('/METADATA')) ?? '')?.()) ?? '';
    out.push(rule, `${name} ${version}`, `Licence: ${licenceOf(String(metadata))}`);
    const home = /^(?:Home-page|Project-URL: ?(?:Homepage|Source|homepage|source)[^,]*,) ?:? *(\S+)$/im.exec(
      String(metadata),
    );
    if (home) out.push(`Home: ${home[1]}`);
    out.push(
      `Taken from: ${origins.get(file_name)} (${file_name})`,
      `sha256: ${sha256}`,
      '',
      ...inside(insideWheels[name] ?? []),
    );
    const texts = [...members.keys()].filter(isLicence).sort();
    for (const text of texts) out.push(`--- ${text}`, '', String(await members.get(text)?.()).trim(), '');
  }
  return `${out.join('\n').replaceAll('\r', '')}\n`;
}

/** @param {readonly import('./pythonLibraries.mjs').Library[]} libraries */
function inside(libraries) {
  if (libraries.length === 0) return [];
  return ['Inside it:', ...libraries.map((library) => `- ${library.join(', ')}`), ''];
}

const rule = '='.repeat(100);

/** @param {string} member */
function isLicence(member) {
  return (
    /(^|[./_-])(licen[cs]e|copying|notice|authors)[^/]*$|\.dist-info\/licen[cs]es\/|fonts\/ttf\/LICENSE/i.test(
      member,
    ) && !/\.pyc?$/.test(member)
  );
}

/** @param {string} metadata */
function licenceOf(metadata) {
  const head = metadata.split(/\r?\n\r?\n/)[0] ?? '';
  const expression = /^License-Expression: *(.+)$/m.exec(head)?.[1];
  const classifiers = [...head.matchAll(/^Classifier: License :: (?:OSI Approved :: )?(.+)$/gm)].map(
    (found) => found[1],
  );
  return (
    expression ??
    (classifiers.join(', ') || (/^License: *(.{1,100})$/m.exec(head)?.[1] ?? 'see the text below'))
  );
}
