import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { safeFileName } from '../../core/fileNames.ts';
import { imageExtension } from '../../core/files.ts';
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

/** A picture that a step displayed and that is no file of a container. */
export interface PicturePlace {
  readonly sessionId: string;
  /** Its key in the session. */
  readonly key: string;
}

const PICTURES = 'pictures';

/**
 * The address under which the editor sees such a picture: `code-interpreter:/pictures/SESSION/KEY/name.png`.
 *
 * @param name what it shows
 * @param mime its type
 */
export function pictureUri({ sessionId, key }: PicturePlace, name: string, mime: string): vscode.Uri {
  const path = `/${PICTURES}/${sessionId}/${encodeURIComponent(key)}/${pictureFileName(name, mime)}`;
  return vscode.Uri.from({ scheme: FILE_SCHEME, path });
}

/** The picture an address means; undefined where it is none. */
export function parsePictureUri(uri: vscode.Uri): PicturePlace | undefined {
  const [, pictures, sessionId, key, name, ...more] = uri.path.split('/');
  if (uri.scheme !== FILE_SCHEME || pictures !== PICTURES || !sessionId || !key || !name || more.length > 0)
    return undefined;
  return { sessionId, key: decodeURIComponent(key) };
}

/** What a picture's file is called: `Sales by quarter.png`. */
export function pictureFileName(name: string, mime: string): string {
  return safeFileName(`${name}.${imageExtension(mime)}`);
}
