import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { isRecord, parseJson } from './json.ts';

export const root = path.resolve(import.meta.dirname, '..', '..');

/** Where tests may write what people look at afterwards. */
export function outDir(...parts: string[]): string {
  const dir = path.join(root, 'out', ...parts);
  mkdirSync(dir, { recursive: true });
  return dir;
}

export interface VsCodeTool {
  readonly entry: string;
  readonly args: readonly string[];
}

export interface BrowserTool {
  readonly path: string;
  readonly env: Record<string, string>;
}

/** The pinned Node, which VS Code's extension host runs on too. */
export function nodePath(): string {
  return process.env['TEST_NODE'] ?? process.execPath;
}

export function vsCodeTool(): VsCodeTool {
  const found = tool('vscode');
  const args = found['args'];
  return { entry: text(found['entry']), args: Array.isArray(args) ? args.map(text) : [] };
}

export function browserTool(): BrowserTool {
  const found = tool('browser');
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(isRecord(found['env']) ? found['env'] : {}))
    env[name] = text(value);
  return { path: text(found['path']), env };
}

export function litellmPython(): string {
  return text(tool('litellm')['python']);
}

/** Why nothing can be tested with LiteLLM and the Python clients here, in words; false where it can. */
export function litellmMissing(): string | false {
  const { absent } = tool('litellm');
  return typeof absent === 'string' && absent;
}

/** The folder with the Python pack. */
export function pythonPackDir(): string {
  return text(tool('python')['dir']);
}

/** Native CPython with the Python pack's versions of numpy, pandas and matplotlib. */
export function nativePython(): string {
  return text(tool('native')['python']);
}

/** The folder with the bundled programs, built when the sources changed. */
export function distDir(): string {
  return text(tool('build')['dist']);
}

/** The packaged extension, built when the sources changed. */
export function vsixFile(): string {
  return text(tool('vsix')['file']);
}

/** The packaged extension without the local Python. */
export function slimVsixFile(): string {
  return text(tool('slimVsix')['file']);
}

/** Packages an extension of tests: a workspace on no disk, a viewer of any file's bytes, or a look at the extension host's clocks. */
export async function testExtension(name: 'memoryFolder' | 'byteViewer' | 'hostProbe'): Promise<string> {
  const file = path.join(outDir(), `${name}.vsix`);
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const args = [
    'package',
    '--no-dependencies',
    '--skip-license',
    '--allow-missing-repository',
    '--out',
    file,
  ];
  const cwd = path.join(root, 'test', 'support', name);
  await promisify(execFile)(nodePath(), [vsce, ...args], { cwd });
  return file;
}

/** Other Nodes than the pinned one (scripts/setUpNodes.mjs), as set-up describes each. */
export function otherNode(name: 'oldest' | 'older' | 'newest'): Record<string, unknown> {
  const found = tool('nodes')[name];
  if (!isRecord(found)) throw new Error(`set-up found no ${name} Node`);
  return found;
}

const known = new Map<string, Record<string, unknown>>();

function tool(name: string): Record<string, unknown> {
  const seen = known.get(name);
  if (seen !== undefined) return seen;
  // `npm test` has set everything up and says so here; a single test file run by hand asks for it itself.
  const given = process.env[`TEST_TOOL_${name.toUpperCase()}`];
  const printed =
    given === undefined
      ? parseJson(
          execFileSync(nodePath(), [path.join(root, 'scripts', 'setUp.mjs'), name], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'inherit'],
          }),
        )
      : { [name]: parseJson(given) };
  const found = isRecord(printed) ? printed[name] : undefined;
  if (!isRecord(found)) throw new Error(`set-up found no ${name}`);
  known.set(name, found);
  return found;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('set-up answered something else than a text');
  return value;
}
