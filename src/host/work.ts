import * as vscode from 'vscode';
import { field } from '../core/json.ts';
import { MISMATCH } from '../core/stored/shape.ts';
import { readId } from '../core/stored/storedHead.ts';
import { containerCommands } from './commands/containerCommands.ts';
import { containerFileCommands } from './commands/containerFileCommands.ts';
import { fileCommands } from './commands/fileCommands.ts';
import { gatewayCommands } from './commands/gatewayCommands.ts';
import { inputCommands } from './commands/inputCommands.ts';
import type { Commands } from './commands/register.ts';
import { runCommands } from './commands/runCommands.ts';
import { saveCommands } from './commands/saveCommands.ts';
import { sessionCommands } from './commands/sessionCommands.ts';
import type { ContainersTree } from './containers/containersTree.ts';
import type { ContainerFileSystem, FindPicture } from './containers/fileSystem.ts';
import type { Listings } from './containers/listings.ts';
import type { ViewOptions } from './containers/viewOptions.ts';
import type { Gateways } from './gateways/gateways.ts';
import type { Keys } from './gateways/secrets.ts';
import { COMMANDS } from './ids.ts';
import { LastEditor } from './lastEditor.ts';
import type { ContainerLives } from './life/containerLives.ts';
import { EndOfLife } from './life/endOfLife.ts';
import { Keeper } from './life/keeper.ts';
import type { KeptStore } from './life/keptStore.ts';
import { learnLives } from './life/learnLives.ts';
import type { Log } from './log.ts';
import { handlePanelRequests } from './panel/panelRequests.ts';
import { createSaving } from './saving/createSaving.ts';
import type { SavedFiles } from './saving/savedFiles.ts';
import type { Services } from './services.ts';
import { announceEnds } from './session/announceEnds.ts';
import { Sessions } from './session/sessions.ts';
import type { SessionsTree } from './sessionList/sessionsTree.ts';
import type { StatusBar } from './statusBar.ts';
import { SessionLibrary } from './store/sessionLibrary.ts';
import { SessionStore } from './store/sessionStore.ts';

/** What is there from the start. */
export interface Foundations {
  readonly extensionUri: vscode.Uri;
  /** Where sessions are stored. */
  readonly sessionsFolder: string;
  readonly log: Log;
  readonly keys: Keys;
  readonly gateways: Gateways;
  readonly tree: ContainersTree;
  readonly listings: Listings;
  readonly files: ContainerFileSystem;
  readonly viewOptions: ViewOptions;
  readonly lives: ContainerLives;
  readonly sessionsTree: SessionsTree;
  readonly kept: KeptStore;
  readonly statusBar: StatusBar;
  /** Where saving keeps what it remembers. */
  readonly savingFolder: string;
  readonly saved: () => Promise<SavedFiles>;
}

export interface Work extends vscode.Disposable {
  readonly services: Services;
  readonly commands: Commands;
  readonly picture: FindPicture;
  /** Fills a panel that the editor has brought back. @param state what its page remembered */
  restorePanel(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  /** The window is closing: what is not stored yet is. */
  end(): Promise<void>;
}

/** Builds all that the first command needs, and nothing before it: this file and what it imports are loaded then. */
export function startWork(foundations: Foundations): Work {
  const { extensionUri, sessionsFolder, statusBar, ...shared } = foundations;
  const { log, gateways, tree, sessionsTree, lives, kept } = shared;
  const library = new SessionLibrary(new SessionStore(sessionsFolder), gateways, log);
  const sessions = new Sessions(extensionUri, gateways, library, log);
  const lastEditor = new LastEditor();
  const saving = createSaving(foundations, sessions);
  const services: Services = { ...shared, sessions, saving, lastEditor };
  const panelRequests = handlePanelRequests(services);
  statusBar.follow(sessions);
  const learning = learnLives(sessions, lives, log);
  sessionsTree.follow(sessions);
  const ends = announceEnds(sessions);
  const endOfLife = new EndOfLife({ ...services, keeper: new Keeper(kept) });
  const containerUsed = sessions.onDidUseContainer((use) => tree.containerUsed(use));
  return {
    services,
    commands: {
      ...runCommands(services),
      ...sessionCommands(services),
      ...inputCommands(services),
      ...containerCommands(services),
      ...fileCommands(services),
      ...saveCommands(services),
      ...containerFileCommands(services),
      ...gatewayCommands(services),
    },
    picture: async ({ sessionId, key }) => {
      const id = readId(sessionId);
      if (id === MISMATCH) return undefined;
      const session = sessions.find(id) ?? (await library.read(id));
      return (await session?.images.get(key))?.bytes;
    },
    restorePanel: async (panel, state) => {
      const id = rememberedSession(state);
      const way = await sessions.restorePanel(panel, id);
      // It says so, and offers a copy.
      if (way === 'elsewhere') void vscode.commands.executeCommand(COMMANDS.openSession, id);
    },
    end: () => sessions.end(),
    dispose: () =>
      vscode.Disposable.from(
        containerUsed,
        panelRequests,
        learning,
        ends,
        endOfLife,
        lastEditor,
        sessions,
        library,
      ).dispose(),
  };
}

/** The session that the page of a panel has shown; the page is not trusted. */
function rememberedSession(state: unknown): string | undefined {
  const id = readId(field(state, 'sessionId'));
  return id === MISMATCH ? undefined : id;
}
