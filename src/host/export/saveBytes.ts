import * as vscode from 'vscode';
import type { FileContent } from '../../gateway/files/content.ts';
import { saveContent } from '../../gateway/files/download.ts';
import { SaveError } from '../../gateway/files/saveError.ts';

/**
 * Writes a file that is in memory, as safely as one that is downloaded.
 *
 * @param name one name, already made safe or chosen by the person
 * @param replace whether the person agreed to replace a file of this name
 * @param below a folder in `folder` that it goes into, made where it is missing
 * @throws SaveError
 */
export async function saveBytes(
  folder: vscode.Uri,
  name: string,
  content: string | Uint8Array,
  replace: boolean,
  below?: string,
): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const folders = below === undefined ? [] : [below];
  if (folder.scheme === 'file') {
    await saveContent(inMemory(bytes), { folder: folder.fsPath, folders, name, replace });
    return;
  }
  const target = vscode.Uri.joinPath(folder, ...folders, name);
  if (!replace && (await exists(target))) throw new SaveError('exists');
  await vscode.workspace.fs.writeFile(target, bytes);
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}

function inMemory(bytes: Uint8Array): FileContent {
  return {
    length: bytes.byteLength,
    chunks: (async function* () {
      yield bytes;
    })(),
    discard: () => {},
  };
}
