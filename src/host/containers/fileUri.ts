import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { safeFileName } from '../../core/fileNames.ts';
import { FILE_SCHEME } from '../ids.ts';

/** The address under which the editor sees a container's file: `code-interpreter:/CONTAINER/FILE/name.png`. */
export function fileUri(file: FileRef): vscode.Uri {
  return vscode.Uri.from({
    scheme: FILE_SCHEME,
    path: `/${file.containerId}/${file.fileId}/${safeFileName(file.filename)}`,
  });
}

/** The file an address means; undefined where it is none of ours. */
export function parseFileUri(uri: vscode.Uri): FileRef | undefined {
  const [, containerId, fileId, filename, ...more] = uri.path.split('/');
  if (uri.scheme !== FILE_SCHEME || !containerId || !fileId || !filename || more.length > 0) return undefined;
  return { containerId, fileId, filename };
}
