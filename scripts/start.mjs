import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildVsix } from './build.mjs';
import { cacheDir } from './cache.mjs';
import { openDesktop } from './desktop.mjs';
import { endGroup, whenOrphaned } from './processes.mjs';
import { cloneId, nodeBinary, setUpNpm } from './setUp.mjs';
import { setUpVsCode } from './setUpVsCode.mjs';
import { Fault, main, root, run, say, seconds, step } from './step.mjs';

const usage = 'npm start -- [--no-open] [--port N] [--desktop]';
const usualPort = 8230;

/** @param {string[]} args */
function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: { 'no-open': { type: 'boolean' }, port: { type: 'string' }, desktop: { type: 'boolean' } },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
      throw new Fault(`--port takes a number from 0 to 65535, not ${values.port}`);
    }
    return { open: values['no-open'] !== true, port, desktop: values.desktop === true };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`${error.message.split('.')[0]}; the form is: ${usage}`);
  }
}

/** Starts all over from what is there: anything unchanged since the last time is left as it is. */
async function start() {
  const started = Date.now();
  const options = readOptions(process.argv.slice(2));
  const port = options.desktop ? 0 : await choosePort(options.port);
  await setUpNpm();
  const vsix = await buildVsix();
  // One profile a clone, so that two clones can run side by side.
  const home = cacheDir('profiles', cloneId);
  const workspace = sampleWorkspace(home);
  if (options.desktop) return openDesktop({ home, vsix, workspace, launch: options.open });
  const vscode = await setUpVsCode();
  const profile = [
    '--config',
    path.join(home, 'config.yaml'),
    '--user-data-dir',
    path.join(home, 'user'),
    '--extensions-dir',
    path.join(home, 'extensions'),
  ];
  writeOnce(path.join(home, 'config.yaml'), '');
  writeOnce(path.join(home, 'user', 'User', 'settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
  await install(vscode.entry, profile, vsix, home);

  const child = spawn(
    nodeBinary(),
    [vscode.entry, ...vscode.args, ...profile, '--bind-addr', `127.0.0.1:${port}`, workspace],
    {
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl+C reaches this script alone, which then ends all of it.
      detached: process.platform !== 'win32',
    },
  );
  return serve(child, { port, workspace, started, open: options.open });
}

const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
};

/** @param {number | undefined} wanted */
async function choosePort(wanted) {
  if (wanted !== undefined && wanted !== 0) {
    if ((await tryPort(wanted)) === undefined) {
      throw new Fault(`Port ${wanted} on 127.0.0.1 is taken: give another one with --port, or leave it out`);
    }
    return wanted;
  }
  const usual = wanted === 0 ? undefined : await tryPort(usualPort);
  const port = usual ?? (await tryPort(0));
  if (port === undefined) throw new Fault('No port is free on 127.0.0.1');
  return port;
}

/** @param {number} port @returns {Promise<number | undefined>} */
function tryPort(port) {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** @param {string} home */
function sampleWorkspace(home) {
  const folder = path.join(home, 'sample');
  // What the user changed or saved there stays.
  cpSync(path.join(root, 'test', 'sample'), folder, { recursive: true, force: false });
  return folder;
}

/** @param {string} file @param {string} text */
function writeOnce(file, text) {
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @param {string} entry @param {string[]} profile @param {{ file: string, hash: string }} vsix @param {string} home */
async function install(entry, profile, vsix, home) {
  const stamp = path.join(home, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === vsix.hash) return;
  await step('Installing the extension into VS Code', () =>
    run(nodeBinary(), [entry, ...profile, '--install-extension', vsix.file, '--force'], {
      log: 'install',
      env: serverEnvironment(),
      failure: 'VS Code could not install the extension',
    }),
  );
  writeFileSync(stamp, vsix.hash);
}

function serverEnvironment() {
  const env = { ...process.env };
  // These would change where it listens, or ask for a password.
  for (const name of ['PORT', 'PASSWORD', 'HASHED_PASSWORD', 'NODE_OPTIONS', 'VSCODE_PROXY_URI'])
    delete env[name];
  return env;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ port: number, workspace: string, started: number, open: boolean }} facts
 */
async function serve(child, { port, workspace, started, open }) {
  let output = '';
  child.stdout?.on('data', (text) => {
    output = `${output}${text}`.slice(-4000);
  });
  child.stderr?.on('data', (text) => {
    output = `${output}${text}`.slice(-4000);
  });
  let ended = false;
  let stopping = false;
  const end = new Promise((resolve) => {
    child.once('exit', (code) => {
      ended = true;
      resolve(code);
    });
  });
  const stop = () => {
    if (stopping) return;
    stopping = true;
    say('Stopping VS Code');
    void endGroup(child);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }
  whenOrphaned(stop);
  const url = `http://127.0.0.1:${port}/`;
  await step('Starting VS Code', () => answers(`${url}healthz`, () => ended));
  if (ended && !stopping) {
    throw new Fault(
      `VS Code ended as soon as it started: ${output.trim().split('\n').at(-1) ?? 'it said nothing'}`,
    );
  }
  if (!stopping) {
    say(`Ready in ${seconds(started)}, with the folder ${workspace}`);
    process.stdout.write(`\nOpen ${url} in a browser; Ctrl+C here ends it.\n`);
    if (open) openBrowser(url);
  }
  await end;
  // The server itself is gone; what it had started may need a moment.
  await endGroup(child);
  if (!stopping) throw new Fault(`VS Code ended by itself: ${output.trim().split('\n').at(-1)}`);
  return 0;
}

/** @param {string} url @param {() => boolean} ended */
async function answers(url, ended) {
  for (let tries = 0; tries < 600 && !ended(); tries++) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(100);
  }
  if (!ended()) throw new Fault('VS Code did not answer within a minute');
}

/** @param {string} url */
function openBrowser(url) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  if (process.env.CI) return;
  const [command, ...args] = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '', url],
  }[process.platform] ?? ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => say('No browser could be opened here: open the address yourself'));
  child.unref();
}

await main(start);
