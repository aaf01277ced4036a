import { foldName, numberedName, safeFileName } from '../fileNames.ts';
import { baseName } from '../files.ts';
import type { SessionState } from '../session.ts';
import type { StoredPicture } from '../stored/storedSession.ts';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

/**
 * What the pictures of a session are called where they become files: by the name of the file that they are, else
 * numbered. One name for one content, and no two that a disk may take for the same.
 *
 * @returns names by key
 */
export function pictureNames(
  state: SessionState,
  pictures: readonly StoredPicture[],
): ReadonlyMap<string, string> {
  const files = fileNames(state);
  const byContent = new Map<string, string>();
  // The name of a file says more than a number.
  for (const { key, sha256 } of pictures) {
    const name = files.get(key);
    if (name !== undefined && !byContent.has(sha256)) byContent.set(sha256, name);
  }
  const taken = new Set<string>();
  const given = new Map<string, string>();
  let drawn = 0;
  for (const { sha256, mime } of pictures) {
    if (given.has(sha256)) continue;
    const wanted = byContent.get(sha256) ?? `figure-${++drawn}.${EXTENSIONS[mime] ?? 'png'}`;
    let name = wanted;
    for (let n = 2; taken.has(foldName(name)); n++) name = numberedName(wanted, n);
    taken.add(foldName(name));
    given.set(sha256, name);
  }
  return new Map(pictures.map(({ key, sha256 }) => [key, given.get(sha256) ?? sha256]));
}

/** The names of files of containers, by the keys of the pictures that they are. */
function fileNames({ runs }: SessionState): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { state, listed, files } of runs) {
    for (const { containerId, id, path } of [...listed, ...files])
      names.set(`file:${containerId}/${id}`, safeFileName(baseName(path)));
    for (const item of state.items) {
      if (item.kind !== 'message') continue;
      for (const { containerId, fileId, filename } of item.parts.flatMap((part) => part.citations))
        names.set(`file:${containerId}/${fileId}`, safeFileName(filename));
    }
  }
  return names;
}
