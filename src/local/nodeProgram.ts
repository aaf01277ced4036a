/** The Node that runs the locked child: the one of this process, or the one that the setting names. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The setting that names another Node. */
export const nodeSetting = 'codeInterpreter.localGateway.nodePath';

const oldestNode = [22, 15] as const;

/** What a Node started from here gets to see of this process's environment: next to nothing. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  // The user's clock, which a process that sees no files could not find out.
  const kept: NodeJS.ProcessEnv = {
    TZ: process.env['TZ'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  // Windows starts no process without it.
  const systemRoot = process.env['SystemRoot'];
  if (systemRoot !== undefined) kept['SystemRoot'] = systemRoot;
  if (process.versions['electron']) kept['ELECTRON_RUN_AS_NODE'] = '1';
  return kept;
}

const checked = new Map<string, Promise<void>>();

/** @throws Error with one plain sentence where this Node does not run, or is too old to be locked */
export function checkNode(nodePath: string): Promise<void> {
  const known = checked.get(nodePath) ?? readVersion(nodePath).then(refuseOldNode);
  checked.set(nodePath, known);
  known.catch(() => checked.delete(nodePath));
  return known;
}

async function readVersion(nodePath: string): Promise<string> {
  if (nodePath === process.execPath) return process.versions.node;
  try {
    const { stdout } = await promisify(execFile)(nodePath, ['--version'], {
      env: bareEnvironment(),
      timeout: 10_000,
    });
    return stdout.trim().replace(/^v/, '');
  } catch (error) {
    throw new Error(`Python cannot start: the Node that the setting ${nodeSetting} names does not run.`, {
      cause: error,
    });
  }
}

function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `Python needs Node ${oldestNode.join('.')} or later to run locked in, and this is ${version}: name a newer Node in the setting ${nodeSetting}.`,
  );
}
