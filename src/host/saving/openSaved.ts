import type * as vscode from 'vscode';
import type { Log } from '../log.ts';
import { announceUndo, openMemory } from './memory.ts';
import { SavedBadges } from './savedBadges.ts';
import { SavedFiles } from './savedFiles.ts';

/** Opens the records of saved files and shows what they tell. @throws Node's error where they cannot be read */
export async function openSaved(
  folder: string,
  log: Log,
  subscriptions: vscode.Disposable[],
): Promise<SavedFiles> {
  const saved = await SavedFiles.open(folder, log);
  subscriptions.push(saved, new SavedBadges(saved));
  await announceUndo(await openMemory(folder).read());
  return saved;
}
