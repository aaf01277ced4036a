import * as vscode from 'vscode';
import { registerCommands } from './host/commands/register.ts';
import { ContainersTree } from './host/containers/containersTree.ts';
import { ContainerFileSystem } from './host/containers/fileSystem.ts';
import { Listings } from './host/containers/listings.ts';
import { ViewOptions } from './host/containers/viewOptions.ts';
import { Gateways } from './host/gateways/gateways.ts';
import { LocalGateway } from './host/gateways/localGateway.ts';
import { Keys } from './host/gateways/secrets.ts';
import { FILE_SCHEME, PANEL_TYPE, SAVED_SCHEME } from './host/ids.ts';
import { ContainerLives } from './host/life/containerLives.ts';
import { KeptStore } from './host/life/keptStore.ts';
import { LifeBadges } from './host/life/lifeBadges.ts';
import { LivesFile } from './host/life/livesFile.ts';
import { createLog, describeForLog } from './host/log.ts';
import { SavedSourceFileSystem } from './host/saving/savedSource.ts';
import { savingFolder, startSaved } from './host/saving/startSaved.ts';
import { SessionsTree } from './host/sessionList/sessionsTree.ts';
import { readLocalSettings } from './host/settings.ts';
import { StatusBar } from './host/statusBar.ts';
import type { Work } from './host/work.ts';

/** What is kept of containers: bytes of one file and of all, and how many (package.nls.json says it to people). */
const KEEP_LIMITS = { file: 64 * 1024 * 1024, all: 256 * 1024 * 1024, count: 500 };

let end: (() => Promise<void>) | undefined;

/**
 * Builds what the editor shows or asks from the start, and registers everything. What runs code is loaded with the
 * first command (`host/work.ts`), the HTTP client with the first request; no process is started before that.
 */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const sessionsFolder = vscode.Uri.joinPath(context.globalStorageUri, 'sessions').fsPath;
  const log = createLog();
  const keys = new Keys(context.secrets);
  const program = context.asAbsolutePath('dist/localGateway.js');
  const local = new LocalGateway(program, readLocalSettings, log);
  const gateways = new Gateways(keys, local, log);
  const listings = new Listings();
  const viewOptions = new ViewOptions(context.globalState);
  const files = new ContainerFileSystem(gateways, listings, log);
  const sessionsTree = new SessionsTree(sessionsFolder, log);
  const livesFile = new LivesFile(vscode.Uri.joinPath(context.globalStorageUri, 'lives.json').fsPath);
  const lives = new ContainerLives(livesFile, (error) => log.warn(describeForLog(error)));
  const kept = new KeptStore(vscode.Uri.joinPath(context.globalStorageUri, 'kept').fsPath, KEEP_LIMITS);
  const tree = new ContainersTree(gateways, listings, viewOptions, lives, kept, log);
  const statusBar = new StatusBar(gateways, lives);
  const saving = savingFolder(context);
  const saved = startSaved(saving, log, subscriptions);
  void lives.load();

  let started: Promise<Work> | undefined;
  const work = (): Promise<Work> => {
    started ??= import('./host/work.ts').then(({ startWork }) => {
      const begun = startWork({
        extensionUri,
        sessionsFolder,
        log,
        keys,
        gateways,
        tree,
        listings,
        files,
        viewOptions,
        lives,
        sessionsTree,
        kept,
        statusBar,
        savingFolder: saving,
        saved,
      });
      subscriptions.push(begun);
      end = () => begun.end();
      return begun;
    });
    return started;
  };

  files.showPictures(async (place) => (await work()).picture(place));

  subscriptions.push(
    log,
    gateways,
    listings,
    viewOptions,
    tree,
    sessionsTree,
    statusBar,
    new LifeBadges(lives),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: async (panel, state) => (await work()).restorePanel(panel, state),
    }),
    vscode.workspace.registerFileSystemProvider(FILE_SCHEME, files, { isCaseSensitive: true }),
    vscode.workspace.registerFileSystemProvider(SAVED_SCHEME, new SavedSourceFileSystem(saved), {
      isCaseSensitive: true,
      isReadonly: true,
    }),
    tree.view.onDidChangeVisibility(({ visible }) => {
      if (visible) statusBar.appear();
    }),
    gateways.onDidAnswer(({ containerId, answer, local: here }) =>
      answer === 'used' ? lives.used(containerId, { local: here }) : lives.ended(containerId),
    ),
    { dispose: () => void lives.close() },
    gateways.onDidChange(() => tree.refresh()),
    ...registerCommands(async () => (await work()).commands, log),
  );
}

/** The editor waits some seconds for this when a window is closed or reloaded. */
export async function deactivate(): Promise<void> {
  await end?.();
}
