import * as vscode from 'vscode';
import { fileCommands } from './host/commands/fileCommands.ts';
import { gatewayCommands } from './host/commands/gatewayCommands.ts';
import { registerCommands } from './host/commands/register.ts';
import { runCommands } from './host/commands/runCommands.ts';
import { ContainersTree } from './host/containers/containersTree.ts';
import { ContainerFileSystem } from './host/containers/fileSystem.ts';
import { Saving } from './host/containers/saving.ts';
import { Gateways } from './host/gateways/gateways.ts';
import { LocalGateway } from './host/gateways/localGateway.ts';
import { Keys } from './host/gateways/secrets.ts';
import { FILE_SCHEME } from './host/ids.ts';
import { createLog } from './host/log.ts';
import { handlePanelRequests } from './host/panel/panelRequests.ts';
import type { Services } from './host/services.ts';
import { Sessions } from './host/session/sessions.ts';
import { readLocalSettings } from './host/settings.ts';
import { createStatusBar } from './host/statusBar.ts';

/** Builds the services and hands them to whoever needs them; nothing is started before it is used. */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog();
  const keys = new Keys(context.secrets);
  const program = context.asAbsolutePath('dist/localGateway.js');
  const local = new LocalGateway(program, readLocalSettings, log);
  const gateways = new Gateways(keys, local, log);
  const sessions = new Sessions(context.extensionUri, gateways, log);
  const tree = new ContainersTree(gateways, log);
  const files = new ContainerFileSystem(gateways, log);
  const services: Services = { log, keys, gateways, sessions, tree, saving: new Saving(log) };
  handlePanelRequests(services);
  context.subscriptions.push(
    log,
    gateways,
    sessions,
    tree,
    vscode.workspace.registerFileSystemProvider(FILE_SCHEME, files, {
      isCaseSensitive: true,
      isReadonly: true,
    }),
    sessions.onDidUseContainer((use) => tree.containerUsed(use)),
    gateways.onDidChange(() => {
      files.clear();
      tree.refresh();
    }),
    createStatusBar(gateways, sessions),
    ...registerCommands(
      { ...runCommands(services), ...fileCommands(services), ...gatewayCommands(services) },
      log,
    ),
  );
}
