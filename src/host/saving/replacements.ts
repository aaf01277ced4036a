import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  type ReplacedFile,
  type Replacement,
  type SaveMemory,
  withoutReplacement,
  withReplacement,
} from '../../core/saveMemory.ts';
import { saveContent } from '../../gateway/files/download.ts';
import { fileHash, isSystemError } from './fileHash.ts';
import type { KeptBytes } from './keptBytes.ts';
import { announceUndo } from './memory.ts';
import { nameOf } from './outcome.ts';
import type { SavedFiles } from './savedFiles.ts';
import { isOnDisk, type ReplacedContent } from './saveTo.ts';
import type { StoredJson } from './storedJson.ts';

/** What saving has replaced, kept to be put back. */
export class Replacements {
  readonly #memory: StoredJson<SaveMemory>;
  readonly #kept: KeptBytes;
  readonly #saved: () => Promise<SavedFiles>;

  constructor(memory: StoredJson<SaveMemory>, kept: KeptBytes, saved: () => Promise<SavedFiles>) {
    this.#memory = memory;
    this.#kept = kept;
    this.#saved = saved;
  }

  /** Whether a file of this size could be put back. */
  takes(bytes: number): boolean {
    return this.#kept.takes(bytes);
  }

  /** Keeps what is about to be replaced. @returns the name it is kept under. @throws SaveError */
  keep(content: ReplacedContent): Promise<string> {
    return 'file' in content ? this.#kept.keepFile(content.file) : this.#kept.keep(content.bytes);
  }

  /** Remembers what one save replaced. @returns the name to undo it by */
  async remember(files: readonly ReplacedFile[]): Promise<string> {
    const replacement = { id: randomUUID(), at: Date.now(), files };
    await announceUndo(await this.#memory.update((memory) => withReplacement(memory, replacement)));
    await this.#kept.makeRoom();
    return replacement.id;
  }

  /** Puts back what a save replaced. @param id of which; the latest by default. @throws SaveError */
  async undo(id: string | undefined): Promise<void> {
    const { replaced } = await this.#memory.read();
    const replacement = id === undefined ? replaced.at(-1) : replaced.find((one) => one.id === id);
    if (replacement === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'There is nothing to put back: what was replaced has been put back, or was too long ago.',
        ),
      );
      return;
    }
    if (!(await mayUndo(replacement))) return;
    const names: string[] = [];
    for (const file of replacement.files) {
      const uri = vscode.Uri.parse(file.uri);
      const kept = await this.#kept.find(file.kept);
      if (kept === undefined) continue;
      await putBack(kept, uri);
      const saved = await this.#saved();
      await (file.previous ? saved.add([file.previous], []) : saved.remove(uri));
      names.push(nameOf(uri));
    }
    await announceUndo(await this.#memory.update((memory) => withoutReplacement(memory, replacement.id)));
    await this.#kept.remove(replacement.files.map(({ kept }) => kept));
    tellUndone(names, replacement.files.length);
  }
}

/** Asks where a file was changed after it was saved: that would be lost. */
async function mayUndo({ files }: Replacement): Promise<boolean> {
  const changed: string[] = [];
  for (const { uri, sha256 } of files) {
    const place = vscode.Uri.parse(uri);
    if (!(await isStill(place, sha256))) changed.push(nameOf(place));
  }
  if (changed.length === 0) return true;
  const yes = vscode.l10n.t('Put Back');
  const question = vscode.l10n.t(
    '{0} was changed after it was saved. Putting the earlier file back loses these changes.',
    changed.join(', '),
  );
  return (await vscode.window.showWarningMessage(question, { modal: true }, yes)) === yes;
}

/** Also where it is gone: then nothing is lost by putting back. */
async function isStill(uri: vscode.Uri, sha256: string): Promise<boolean> {
  try {
    return (await fileHash(uri)) === sha256;
  } catch (error) {
    if (error instanceof vscode.FileSystemError || isSystemError(error)) return true;
    throw error;
  }
}

async function putBack(kept: string, uri: vscode.Uri): Promise<void> {
  if (!isOnDisk(uri)) {
    await vscode.workspace.fs.writeFile(uri, await readFile(kept));
    return;
  }
  const content = { length: undefined, discard: () => {}, chunks: createReadStream(kept) };
  const { dir, base } = path.parse(uri.fsPath);
  await saveContent(content, { folder: dir, name: base, replace: true });
}

function tellUndone(names: readonly string[], all: number): void {
  const [only] = names;
  const sentence =
    only === undefined
      ? vscode.l10n.t('Nothing could be put back: the copies had to make room for newer ones.')
      : names.length < all
        ? vscode.l10n.t(
            'Put back {0} of {1} files. The copies of the others had to make room for newer ones.',
            String(names.length),
            String(all),
          )
        : names.length > 1
          ? vscode.l10n.t('Put back {0} files: they are as they were before.', String(names.length))
          : vscode.l10n.t('{0} is as it was before.', only);
  void vscode.window.showInformationMessage(sentence);
}
