import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { GatewayError } from '../../core/errors.ts';
import { parseJson, stringField } from '../../core/json.ts';
import type { GatewayAddress } from '../../gateway/address.ts';
import type { LocalSettings } from '../settings.ts';

/** ms from spawning the program to its first line. */
const START_TIMEOUT = 30_000;

/**
 * Starts the local gateway's program, which ends when its standard input does.
 *
 * @param program path of the bundled program
 * @param onLine told what it writes for the log
 */
export function spawnProgram(
  program: string,
  settings: LocalSettings,
  onLine: (line: string) => void,
): ChildProcess {
  const args = [program, '--parent-pipe', ...optionsOf(settings)];
  const child = spawn(process.execPath, args, { env: childEnvironment(), windowsHide: true });
  createInterface({ input: child.stderr }).on('line', onLine);
  return child;
}

/** The program's own options. Only Python runs with the Node.js that the user names; the program needs no special one. */
function optionsOf(settings: LocalSettings): string[] {
  return [
    ...(settings.textsFile === undefined ? [] : [`--texts=${settings.textsFile}`]),
    ...(settings.nodePath === '' ? [] : [`--node=${settings.nodePath}`]),
    `--run-seconds=${settings.runTimeout}`,
    `--memory-mib=${settings.memoryLimit}`,
    `--files-mib=${settings.filesLimit}`,
    `--output-kib=${settings.outputLimit}`,
    `--max-pythons=${settings.maxPythons}`,
    `--container-minutes=${settings.containerLife}`,
  ];
}

/** Where the program listens, as its first line says. @throws GatewayError `local_gateway` where there is none */
export function firstLine(child: ChildProcess): Promise<GatewayAddress> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string, cause?: unknown) =>
      reject(new GatewayError({ kind: 'local_gateway', detail }, { cause }));
    const timer = setTimeout(
      () => fail(`it gave no answer within ${START_TIMEOUT / 1000} seconds.`),
      START_TIMEOUT,
    );
    child.once('error', (error) => {
      clearTimeout(timer);
      fail('its program could not be run.', error);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`it ended at once (${signal ?? code}).`);
    });
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      const value = parseJson(line);
      const baseUrl = stringField(value, 'url');
      const key = stringField(value, 'key');
      if (baseUrl && key) resolve({ baseUrl, key });
      else fail('its first line was not understood.');
    });
  });
}

/** As little as a program needs: what the user's environment holds is none of Python's business. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'LANG', 'LC_ALL'];
  const env: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: '1' };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
