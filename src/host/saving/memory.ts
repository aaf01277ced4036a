import path from 'node:path';
import * as vscode from 'vscode';
import { NO_MEMORY, parseSaveMemory, type SaveMemory } from '../../core/saveMemory.ts';
import { CONTEXT } from '../ids.ts';
import { StoredJson } from './storedJson.ts';

/** What saving remembers. @param folder of the extension's storage */
export function openMemory(folder: string): StoredJson<SaveMemory> {
  return new StoredJson(path.join(folder, 'memory.json'), parseSaveMemory, NO_MEMORY);
}

/** Says to the editor's menus whether there is something to put back. */
export async function announceUndo({ replaced }: SaveMemory): Promise<void> {
  await vscode.commands.executeCommand('setContext', CONTEXT.canUndoReplace, replaced.length > 0);
}
