import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cacheDir } from './cache.mjs';
import { fillOnce } from './locks.mjs';
import { shortHash } from './setUp.mjs';
import { Fault, root, run, step } from './step.mjs';

/** @typedef {{ python: string } | { absent: string }} FoundPython `absent` says that there is none that will do */

/**
 * The LiteLLM proxy and the official clients in a Python environment of their own; answers with its Python.
 * @returns {Promise<FoundPython>}
 */
export function setUpLitellm() {
  return setUpVenv({
    name: 'litellm',
    requirements: 'test/litellm/requirements.txt',
    title: 'Installing the LiteLLM proxy for the tests (about 1 minute, 740 MB)',
    what: 'LiteLLM',
    oldest: 10,
    without: 'all other tests run without',
  });
}

/**
 * Native CPython with the Python pack's versions of numpy, pandas and matplotlib: what benchmarks compare with.
 * @returns {Promise<{ python: string }>}
 */
export async function setUpNativePython() {
  const found = await setUpVenv({
    name: 'native',
    requirements: 'test/bench/requirements.txt',
    title: 'Installing native numpy, pandas and matplotlib to compare with (about 20 s, 270 MB)',
    what: 'numpy, pandas and matplotlib',
    oldest: 11,
    without: 'npm test runs without',
  });
  if ('absent' in found) throw new Fault(found.absent);
  return found;
}

/**
 * @typedef {object} Environment
 * @property {string} name of its folder in the cache
 * @property {string} requirements below the project: every package with its version and hashes
 * @property {string} title of the step that installs it
 * @property {string} what is in it
 * @property {number} oldest minor version of Python 3 that its packages run on
 * @property {string} without what works where no such Python is there
 */

/** @param {Environment} environment @returns {Promise<FoundPython>} */
async function setUpVenv({ name, requirements, title, what, oldest, without }) {
  const file = path.join(root, requirements);
  const found = await findPython(oldest);
  if (found === undefined) {
    return {
      absent: `Python 3.${oldest} to 3.14 is needed for ${what}, and none is on PATH (${without})`,
    };
  }
  const dir = cacheDir(name, `py${found.version}-${shortHash(readFileSync(file))}`);
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  await fillOnce(dir, (temporary) =>
    step(title, async (progress) => {
      await run(found.command, [...found.args, '-m', 'venv', temporary], {
        log: 'venv',
        failure:
          'Python could not make a virtual environment (on Debian and Ubuntu the package python3-venv is needed)',
      });
      // The list is complete, so pip need not look for more: older ones would take the newest of a package that is
      // named with an extra (`pydantic[email]`), and refuse it for having no hash.
      const options = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--no-input', '-r', file];
      const python = path.join(temporary, ...inside);
      await run(python, ['-m', 'pip', 'install', ...options], {
        log: 'pip',
        progress,
        failure: `pip could not install ${what}`,
      });
      await run(python, ['-m', 'pip', 'check'], {
        log: 'pip',
        failure: `The packages of ${what} do not fit together`,
      });
    }),
  );
  return { python: path.join(dir, ...inside) };
}

/**
 * @param {number} oldest minor version of Python 3
 * @returns {Promise<{ command: string, args: string[], version: string } | undefined>}
 */
async function findPython(oldest) {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const names = ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const candidates = names.map((command) => ({ command, args: /** @type {string[]} */ ([]) }));
  if (process.platform === 'win32') candidates.unshift({ command: 'py', args: ['-3'] });
  for (const candidate of candidates) {
    const version = await run(candidate.command, [...candidate.args, '-c', script], { log: 'python' }).catch(
      (error) => {
        if (error instanceof Fault) return '';
        throw error;
      },
    );
    const [major, minor] = version.trim().split('.').map(Number);
    // 3.15 and later have no ready-made packages in our pinned lists.
    if (major === 3 && minor >= oldest && minor <= 14) return { ...candidate, version: version.trim() };
  }
  return undefined;
}
