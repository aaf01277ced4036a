import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodePath } from './tools.ts';
import { readZip } from './zip.ts';

/** Loads the module with anything for `vscode`, and says what has been read by the time it is there. */
const PROGRAM = `
const Module = require('node:module');
const load = Module._load;
const anything = new Proxy(function () {}, { get: (_, key) => (key === Symbol.toPrimitive ? () => '' : anything), construct: () => ({}) });
Module._load = (request, ...rest) => (request === 'vscode' ? anything : load(request, ...rest));
require(process.argv[1]);
console.log(JSON.stringify(Object.keys(require.cache)));
`;

/** A file of code that is read when the editor loads the packaged extension. */
export interface LoadedFile {
  /** Below the extension's folder. */
  readonly name: string;
  readonly bytes: number;
}

/** The code of a VSIX that is read before its first command: its entry, and what that requires at once. */
export async function loadedAtStart(vsix: string): Promise<readonly LoadedFile[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'code-interpreter-start-'));
  try {
    for (const entry of readZip(vsix)) {
      if (!/^extension\/dist\/(?:host\/)?[\w-]+\.js$/.test(entry.name)) continue;
      const file = path.join(folder, entry.name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, entry.read());
    }
    const own = path.join(folder, 'extension');
    const entry = path.join(own, 'dist', 'extension.js');
    const { stdout } = await promisify(execFile)(nodePath(), ['-e', PROGRAM, entry]);
    const files = JSON.parse(stdout) as string[];
    return files.map((file) => ({ name: path.relative(own, file), bytes: statSync(file).size }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
