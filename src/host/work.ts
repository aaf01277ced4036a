import * as vscode from 'vscode';
import { containerCommands } from './commands/containerCommands.ts';
import { fileCommands } from './commands/fileCommands.ts';
import { gatewayCommands } from './commands/gatewayCommands.ts';
import { inputCommands } from './commands/inputCommands.ts';
import type { Commands } from './commands/register.ts';
import { runCommands } from './commands/runCommands.ts';
import type { ContainersTree } from './containers/containersTree.ts';
import type { FindPicture } from './containers/fileSystem.ts';
import type { Gateways } from './gateways/gateways.ts';
import type { Keys } from './gateways/secrets.ts';
import { LastEditor } from './lastEditor.ts';
import type { ContainerLives } from './life/containerLives.ts';
import { learnLives } from './life/learnLives.ts';
import type { Log } from './log.ts';
import { handlePanelRequests } from './panel/panelRequests.ts';
import { Saving } from './saving/saving.ts';
import type { Services } from './services.ts';
import { Sessions } from './session/sessions.ts';
import type { StatusBar } from './statusBar.ts';

/** What is there from the start. */
export interface Foundations {
  readonly extensionUri: vscode.Uri;
  readonly log: Log;
  readonly keys: Keys;
  readonly gateways: Gateways;
  readonly tree: ContainersTree;
  readonly lives: ContainerLives;
  readonly statusBar: StatusBar;
}

export interface Work extends vscode.Disposable {
  readonly services: Services;
  readonly commands: Commands;
  readonly picture: FindPicture;
}

/** Builds all that the first command needs, and nothing before it: this file and what it imports are loaded then. */
export function startWork({ extensionUri, log, keys, gateways, tree, lives, statusBar }: Foundations): Work {
  const sessions = new Sessions(extensionUri, gateways, log);
  const lastEditor = new LastEditor();
  const saving = new Saving(log);
  const services: Services = { log, keys, gateways, sessions, tree, lives, saving, lastEditor };
  const panelRequests = handlePanelRequests(services);
  statusBar.follow(sessions);
  const learning = learnLives(sessions, lives, log);
  const containerUsed = sessions.onDidUseContainer((use) => tree.containerUsed(use));
  return {
    services,
    commands: {
      ...runCommands(services),
      ...inputCommands(services),
      ...containerCommands(services),
      ...fileCommands(services),
      ...gatewayCommands(services),
    },
    picture: async ({ sessionId, key }) => (await sessions.find(sessionId)?.images.get(key))?.bytes,
    dispose: () =>
      vscode.Disposable.from(containerUsed, panelRequests, learning, lastEditor, sessions).dispose(),
  };
}
