import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { isRecord, parseJson } from './json.ts';
import { freePort, processTree, type Server, startServer, waitFor } from './processes.ts';
import { browserTool, nodePath, root, vsCodeTool, vsixFile } from './tools.ts';
import { Workbench } from './workbench.ts';

export interface VsCodeOptions {
  /** The packaged extension; the project's own by default. */
  readonly vsix?: string;
  /** Other extensions beside it, packaged. */
  readonly also?: readonly string[];
  /** Settings of the extension (`codeInterpreter.*`) go to the machine's file, all others to the user's. */
  readonly settings?: Record<string, unknown>;
  /** Added to the environment of VS Code's server, and so of the extension host. */
  readonly env?: Record<string, string>;
  /** A folder whose copy is opened; the sample workspace by default. */
  readonly workspace?: string;
  /** Leave workspace trust switched on, so that the window opens untrusted. */
  readonly untrusted?: boolean;
  /** The display language: extensions speak it as far as they can, the editor itself goes on in English. */
  readonly language?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

const EXTENSION_ID = 'code-interpreter.code-interpreter-gateway';

const machine = /^codeInterpreter\./;

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'window.confirmBeforeClose': 'never',
  'git.openRepositoryInParentFolders': 'never',
};

/** A real VS Code of its own: server, profile, workspace copy and browser page, all gone after `close`. */
export class VsCode {
  readonly url: string;
  readonly page: Page;
  readonly workbench: Workbench;
  /** The opened folder: a copy, free to be changed. */
  readonly workspace: string;
  readonly #home: string;
  #server: Server;
  readonly #restart: () => Promise<Server>;
  readonly #browser: Browser;

  constructor(parts: {
    url: string;
    page: Page;
    home: string;
    server: Server;
    restart: () => Promise<Server>;
    browser: Browser;
  }) {
    this.url = parts.url;
    this.page = parts.page;
    this.workbench = new Workbench(parts.page);
    this.#home = parts.home;
    this.workspace = path.join(parts.home, 'workspace');
    this.#server = parts.server;
    this.#restart = parts.restart;
    this.#browser = parts.browser;
  }

  /** Changes settings; VS Code notices those in the machine's file at once, the user's after `reload`. */
  writeSettings(settings: Record<string, unknown>): Promise<void> {
    return writeSettings(this.#home, settings);
  }

  /** A folder of those that the extension keeps things in. */
  storage(name: string): string {
    return path.join(this.#home, 'user', 'User', 'globalStorage', EXTENSION_ID, name);
  }

  /** What the extension host and the extension's own log channels have written. */
  async logs(): Promise<string> {
    const dir = path.join(this.#home, 'user', 'logs');
    const files = await readdir(dir, { recursive: true });
    const wanted = files.filter((file) => file.endsWith('.log') && file.includes('exthost'));
    const texts = await Promise.all(
      wanted.map(async (file) => `== ${file}\n${await readFile(path.join(dir, file), 'utf8')}`),
    );
    return texts.join('\n');
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.workbench.ready();
  }

  /**
   * Reloads the window so that the editors that are open come back: in a browser VS Code stores every five seconds
   * which they are, and not when it is left.
   */
  async reloadWithEditors(): Promise<void> {
    await sleep(6_000);
    await this.reload();
  }

  /** Closes VS Code, server and all, and opens it again as it is on disk and in the browser. */
  async restart(): Promise<void> {
    await this.page.goto('about:blank');
    await this.#server.close();
    this.#server = await this.#restart();
    await this.open();
  }

  /** Closes the window alone; what it had running ends. */
  async closeWindow(): Promise<void> {
    await this.page.goto('about:blank');
  }

  /** Opens the window. */
  async open(): Promise<void> {
    await this.page.goto(`${this.url}?folder=${encodeURIComponent(this.workspace)}`);
    await this.workbench.ready();
  }

  /** The server's process and all below it, deepest first. */
  processes(): readonly number[] {
    return processTree(this.#server.pid);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export async function startVsCode(options: VsCodeOptions = {}): Promise<VsCode> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'code-interpreter-vscode-')));
  const tool = vsCodeTool();
  const env = serverEnvironment(options.env ?? {});
  const profile = [
    '--config',
    path.join(home, 'config.yaml'),
    '--user-data-dir',
    path.join(home, 'user'),
    '--extensions-dir',
    path.join(home, 'extensions'),
  ];
  const workspace = path.join(home, 'workspace');
  await cp(options.workspace ?? path.join(root, 'test', 'sample'), workspace, { recursive: true });
  await writeFile(path.join(home, 'config.yaml'), '');
  await writeSettings(home, { ...quiet, ...options.settings });
  for (const vsix of [options.vsix ?? vsixFile(), ...(options.also ?? [])]) {
    const install = [tool.entry, ...profile, '--install-extension', vsix, '--force'];
    await promisify(execFile)(nodePath(), install, { env });
  }

  const port = await freePort();
  const args = options.untrusted ? tool.args.filter((arg) => arg !== '--disable-workspace-trust') : tool.args;
  const language = options.language === undefined ? [] : await speak(home, options.language);
  const url = `http://127.0.0.1:${port}/`;
  const start = async (): Promise<Server> => {
    const program = [
      tool.entry,
      ...args,
      ...language,
      ...profile,
      '--bind-addr',
      `127.0.0.1:${port}`,
      workspace,
    ];
    const started = startServer(nodePath(), program, { env, log: `vscode-${port}` });
    try {
      await answers(started, `${url}healthz`);
    } catch (error) {
      await started.close();
      throw error;
    }
    return started;
  };
  let server: Server | undefined;
  let browser: Browser | undefined;
  try {
    server = await start();
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: options.size ?? { width: 1400, height: 900 } });
    const page = await context.newPage();
    const vscode = new VsCode({ url, page, home, server, restart: start, browser });
    await vscode.open();
    return vscode;
  } catch (error) {
    await browser?.close();
    await server?.close();
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Gives VS Code a language pack without a word in it, in the place where it looks for those that are installed.
 *
 * @returns what its start needs for it
 */
async function speak(home: string, language: string): Promise<readonly string[]> {
  const texts = path.join(home, 'language.json');
  const extensions = [{ extensionIdentifier: { id: 'test.language' }, version: '1.0.0' }];
  const pack = { hash: 'test', extensions, translations: { vscode: texts }, label: language };
  await writeFile(texts, JSON.stringify({ contents: {} }));
  await writeFile(path.join(home, 'user', 'languagepacks.json'), JSON.stringify({ [language]: pack }));
  return ['--locale', language];
}

async function launchBrowser(): Promise<Browser> {
  const tool = browserTool();
  return chromium.launch({
    executablePath: tool.path,
    env: { ...process.env, ...tool.env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

async function answers(server: Server, url: string): Promise<void> {
  const ask = async (): Promise<boolean> => {
    if (server.ended() !== undefined) return true;
    return (await fetch(url)).ok;
  };
  await waitFor(ask, { timeout: 60_000, what: 'VS Code' });
  const end = server.ended();
  if (end !== undefined) throw new Error(`VS Code did not start: ${end}`);
}

function serverEnvironment(added: Record<string, string>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...added };
  // These steer code-server or Node, and belong to whoever runs the tests.
  for (const name of [
    'PORT',
    'PASSWORD',
    'HASHED_PASSWORD',
    'NODE_OPTIONS',
    'NODE_TEST_CONTEXT',
    'VSCODE_PROXY_URI',
  ]) {
    if (!(name in added)) delete env[name];
  }
  return env;
}

async function writeSettings(home: string, settings: Record<string, unknown>): Promise<void> {
  const all = Object.entries(settings);
  const own = all.filter(([name]) => machine.test(name));
  const others = all.filter(([name]) => !machine.test(name));
  // With a remote server, which this is, VS Code reads machine-scoped settings from the machine's file only.
  await mergeSettings(path.join(home, 'user', 'Machine', 'settings.json'), Object.fromEntries(own));
  await mergeSettings(path.join(home, 'user', 'User', 'settings.json'), Object.fromEntries(others));
}

async function mergeSettings(file: string, settings: Record<string, unknown>): Promise<void> {
  if (Object.keys(settings).length === 0) return;
  await mkdir(path.dirname(file), { recursive: true });
  const before = parseJson(await readFile(file, 'utf8').catch(() => '{}'));
  await writeFile(file, JSON.stringify({ ...(isRecord(before) ? before : {}), ...settings }, undefined, 2));
}
