import { DATA_DIR } from './python.ts';

const maxLength = 1024;

/**
 * Whether this is an absolute path of a file below the container's folder, with nothing in it that leads elsewhere. Python
 * can also name files by bytes that are no text (half a surrogate pair): no address of such a file could be written.
 */
export function isDataPath(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > maxLength || !path.startsWith(`${DATA_DIR}/`)) return false;
  if (!path.isWellFormed()) return false;
  const segments = path.slice(DATA_DIR.length + 1).split('/');
  return segments.every(
    (segment) => segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('\0'),
  );
}
