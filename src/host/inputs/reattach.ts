import * as vscode from 'vscode';
import type { StoredWaiting } from '../../core/stored/storedSession.ts';
import type { AttachedFile } from '../session/attachments.ts';
import type { LoadBytes } from '../session/imageStore.ts';

/**
 * The files that waited in a session when it was stored, as they are now; those that cannot be read any more are told
 * of and left out.
 *
 * @param load reads the stored copies
 */
export async function reattach(
  waiting: readonly StoredWaiting[],
  load: LoadBytes,
): Promise<readonly AttachedFile[]> {
  const files: AttachedFile[] = [];
  const gone: string[] = [];
  for (const { attachment, at, uri, origin, copy } of waiting) {
    const bytes = copy === undefined ? await readSource(uri) : await load(copy);
    if (bytes === undefined) gone.push(attachment.name);
    else
      files.push({
        ...attachment,
        ...(origin === undefined ? {} : { origin }),
        at,
        uri,
        bytes,
        size: bytes.byteLength,
      });
  }
  if (gone.length > 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Not attached any more, as it cannot be read: {0}. Attach it again.', gone.join(', ')),
    );
  }
  return files;
}

async function readSource(uri: string | undefined): Promise<Uint8Array | undefined> {
  if (uri === undefined) return undefined;
  try {
    return await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
