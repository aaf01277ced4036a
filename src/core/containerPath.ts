import { safeFileName, safeRelativePlace } from './fileNames.ts';
import { baseName, type ContainerFile } from './files.ts';

/** The folder of a container that its code works in, and that its files are shown below. */
const DATA = '/mnt/data/';

/** What hosted services put before the name of an upload: 32 hex digits (recorded), also as a UUID, or a file's id. */
const PREFIX =
  /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|c?file[-_][0-9A-Za-z]{8,})-(?=.)/i;

/** The digits of a file's own id that the local gateway puts before a name that is taken. */
const OWN_ID = /^c?file[-_]([0-9a-z]{8})/i;

/**
 * The name a person gave a file: without what the gateway put before it when it was uploaded. A name that merely
 * looks like a prefixed one, such as `20240101-report.csv`, is left alone.
 */
export function givenName({ id, path, source }: Pick<ContainerFile, 'id' | 'path' | 'source'>): string {
  const name = baseName(path);
  if (source !== 'user') return name;
  const own = OWN_ID.exec(id)?.[1];
  if (own !== undefined && name.startsWith(`${own}-`) && name.length > own.length + 1) {
    return name.slice(own.length + 1);
  }
  return name.replace(PREFIX, '');
}

/**
 * Where a file is shown below its container: folders and name, each one safe to be a segment of a path. Files outside
 * of the folder for data are shown in it, by their name alone.
 *
 * @returns at least one segment
 */
export function shownPath(file: Pick<ContainerFile, 'id' | 'path' | 'source'>): readonly string[] {
  const name = safeFileName(givenName(file));
  const folders = file.path.startsWith(DATA) ? safeRelativePlace(file.path).folders : [];
  return [...folders, name];
}
