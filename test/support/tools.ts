import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
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

/** The packaged extension, built when the sources changed. */
export function vsixFile(): string {
  return text(tool('vsix')['file']);
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
