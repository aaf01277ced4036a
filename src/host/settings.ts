import * as vscode from 'vscode';
import { SETTINGS } from './ids.ts';

/** What the user has set; read afresh each time. */
export interface Settings {
  /** Empty for the local gateway. */
  readonly url: string;
  /** Empty for the gateway's first. */
  readonly model: string;
  readonly streaming: boolean;
  /** Runs go on at the provider whether or not somebody listens, and can be resumed. */
  readonly background: boolean;
  /** Files that were not saved are kept by themselves before their container ends. */
  readonly keepFiles: boolean;
}

/** How the local gateway is to run. */
export interface LocalSettings {
  /** File with the texts of the user's language; undefined for English. */
  readonly textsFile: string | undefined;
  /** Path of a Node.js for it; empty for the editor's own. */
  readonly nodePath: string;
  /** Seconds that one piece of code may run. */
  readonly runTimeout: number;
  /** MiB that one Python may take. */
  readonly memoryLimit: number;
  /** MiB that the files of one container may take. */
  readonly filesLimit: number;
  /** KiB of printed output kept of one run. */
  readonly outputLimit: number;
  /** Pythons that may be alive at once. */
  readonly maxPythons: number;
  /** Minutes that a container lives after its last use. */
  readonly containerLife: number;
}

export function readSettings(): Settings {
  const section = vscode.workspace.getConfiguration(SETTINGS.section);
  return {
    url: section.get<string>(SETTINGS.url, '').trim(),
    model: section.get<string>(SETTINGS.model, '').trim(),
    streaming: section.get<boolean>(SETTINGS.streaming, true),
    background: section.get<boolean>(SETTINGS.background, false),
    keepFiles: section.get<boolean>(SETTINGS.keepFiles, false),
  };
}

/** How many sessions are kept on this machine; 0 for none. */
export function readKeptSessions(): number {
  const value = vscode.workspace.getConfiguration(SETTINGS.section).get<unknown>(SETTINGS.sessionsKept);
  return typeof value === 'number' ? Math.round(Math.min(Math.max(value, 0), 1000)) : 100;
}

export function readLocalSettings(): LocalSettings {
  const section = vscode.workspace.getConfiguration(SETTINGS.section);
  // The editor marks numbers out of range in its own page of settings, but hands them on.
  const whole = (name: string, least: number, usual: number, most: number): number => {
    const value = section.get<unknown>(name);
    return typeof value === 'number' ? Math.round(Math.min(Math.max(value, least), most)) : usual;
  };
  const memoryLimit = whole(SETTINGS.memoryLimit, 512, 2048, 16_384);
  return {
    textsFile: vscode.l10n.uri?.fsPath,
    nodePath: section.get<string>(SETTINGS.nodePath, '').trim(),
    runTimeout: whole(SETTINGS.runTimeout, 1, 120, 86_400),
    memoryLimit,
    // Files are kept in memory, and must leave room for the rest.
    filesLimit: Math.min(whole(SETTINGS.filesLimit, 1, 256, 1024), Math.floor(memoryLimit / 2)),
    outputLimit: whole(SETTINGS.outputLimit, 1, 1024, 16_384),
    maxPythons: whole(SETTINGS.maxPythons, 1, 4, 64),
    containerLife: whole(SETTINGS.containerLife, 1, 20, 1440),
  };
}

/** Stores the gateway for this user and machine; a workspace can never set it. */
export async function writeGateway(url: string, model: string): Promise<void> {
  const section = vscode.workspace.getConfiguration(SETTINGS.section);
  await section.update(SETTINGS.url, url || undefined, vscode.ConfigurationTarget.Global);
  await section.update(SETTINGS.model, model || undefined, vscode.ConfigurationTarget.Global);
}

export async function writeModel(model: string): Promise<void> {
  const section = vscode.workspace.getConfiguration(SETTINGS.section);
  await section.update(SETTINGS.model, model || undefined, vscode.ConfigurationTarget.Global);
}
