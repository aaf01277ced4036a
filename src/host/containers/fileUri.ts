import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { safeFileName } from '../../core/fileNames.ts';
import { imageExtension } from '../../core/files.ts';
import { FILE_SCHEME } from '../ids.ts';

/**
 * What an address of the editor means: `code-interpreter://GATEWAY/CONTAINER/folder/name.png?file=ID`.
 *
 * A path alone is the newest file of that name, as in any folder, so that it can be compared, saved over and found by
 * who only knows its name. The id of one generation is in the query and not in the path, for viewers take kind and
 * title of a file from its path; the editor's image preview hands a query on as it is, and adds one of its own where
 * there is none. The authority is lower-case letters and digits only, and short: web views make a host name of it.
 */
export interface FileAddress {
  /** The gateway's token. */
  readonly gateway: string;
  /** Empty for the gateway itself. */
  readonly containerId: string;
  /** Below the container, as the person sees it; empty for the container itself. */
  readonly path: string;
  /** One generation of the file; undefined for the newest. */
  readonly fileId?: string | undefined;
}

export function fileUri({ gateway, containerId, path, fileId }: FileAddress): vscode.Uri {
  return vscode.Uri.from({
    scheme: FILE_SCHEME,
    authority: gateway,
    path: `/${[containerId, path].filter((part) => part !== '').join('/')}`,
    query: fileId === undefined ? '' : `file=${fileId}`,
  });
}

/** The address of one generation of a file, for who knows no more of it than this. */
export function refUri(gateway: string, { containerId, fileId, filename }: FileRef): vscode.Uri {
  return fileUri({ gateway, containerId, path: safeFileName(filename), fileId });
}

/** What an address means; a query that is not ours does not count. Empty segments do not either. */
export function parseFileUri({ authority, path, query }: vscode.Uri): FileAddress {
  const [containerId = '', ...rest] = path.split('/').filter((segment) => segment !== '');
  const fileId = new URLSearchParams(query).get('file') || undefined;
  return { gateway: authority, containerId, path: rest.join('/'), fileId };
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
  // What has an authority is a gateway's.
  if (uri.scheme !== FILE_SCHEME || uri.authority !== '' || pictures !== PICTURES) return undefined;
  if (!sessionId || !key || !name || more.length > 0) return undefined;
  return { sessionId, key: decodeURIComponent(key) };
}

/** What a picture's file is called: `Sales by quarter.png`. */
export function pictureFileName(name: string, mime: string): string {
  return safeFileName(`${name}.${imageExtension(mime)}`);
}
