import path from 'node:path';
import type { FileRef } from '../../core/citations.ts';
import type { Log } from '../log.ts';
import type { Sessions } from '../session/sessions.ts';
import { SaveBatch } from './batch.ts';
import { findOrigins } from './findOrigins.ts';
import { KeptBytes } from './keptBytes.ts';
import { openMemory } from './memory.ts';
import { Replacements } from './replacements.ts';
import type { SavedFiles } from './savedFiles.ts';
import { Saving } from './saving.ts';

/** Bytes of replaced files that are kept to be put back. */
const REPLACED = { file: 256 * 1024 * 1024, all: 512 * 1024 * 1024 };

/** Builds saving, with its memory in the extension's storage. */
export function createSaving(
  {
    log,
    savingFolder,
    saved,
  }: {
    readonly log: Log;
    readonly savingFolder: string;
    readonly saved: () => Promise<SavedFiles>;
  },
  sessions: Sessions,
): Saving {
  const memory = openMemory(savingFolder);
  const kept = new KeptBytes(path.join(savingFolder, 'replaced'), REPLACED);
  const replacements = new Replacements(memory, kept, saved);
  const originsOf = (files: readonly FileRef[]) => findOrigins(files, sessions);
  const batch = new SaveBatch({ log, replacements, saved, originsOf });
  return new Saving(log, memory, batch, replacements);
}
