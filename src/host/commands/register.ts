import * as vscode from 'vscode';
import { COMMANDS } from '../ids.ts';
import type { Log } from '../log.ts';

/** Arguments come from VS Code's menus or from other extensions and are not trusted. */
export type CommandAction = (...args: unknown[]) => unknown;

/** What some commands do, by their ids. */
export type CommandMap = Readonly<Record<string, CommandAction>>;

/** What every command does. */
export type Commands = Readonly<Record<(typeof COMMANDS)[keyof typeof COMMANDS], CommandAction>>;

/**
 * Registers every command so that whatever one throws is told to the user, with a way to try again.
 *
 * @param load gives what they do; asked each time one is run
 */
export function registerCommands(load: () => Promise<Commands>, log: Log): vscode.Disposable[] {
  return Object.values(COMMANDS).map((id) => {
    const execute = async (...args: unknown[]): Promise<void> => {
      try {
        const commands = await load();
        await commands[id](...args);
      } catch (error) {
        const { report } = await import('../errorReport.ts');
        void report(error, log, () => execute(...args));
      }
    };
    return vscode.commands.registerCommand(id, execute);
  });
}
