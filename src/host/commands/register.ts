import * as vscode from 'vscode';
import { report } from '../errorReport.ts';
import type { Log } from '../log.ts';

/** What each command does; arguments come from VS Code's menus or from other extensions and are not trusted. */
export type CommandMap = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Registers commands so that whatever one throws is told to the user, with a way to try again. */
export function registerCommands(commands: CommandMap, log: Log): vscode.Disposable[] {
  return Object.entries(commands).map(([id, action]) => {
    const execute = async (...args: unknown[]): Promise<void> => {
      try {
        await action(...args);
      } catch (error) {
        void report(error, log, () => execute(...args));
      }
    };
    return vscode.commands.registerCommand(id, execute);
  });
}
