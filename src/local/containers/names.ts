import { baseName } from '../../core/files.ts';

/** Bytes in UTF-8: what common file systems allow, with room for a prefix. */
const LONGEST_NAME = 200;

/**
 * A client's file name made fit for `/mnt/data`: its last segment without control, format and bidi characters. Of a
 * long one the end stays, which says what kind of file it is.
 *
 * @returns never empty, never `.` or `..`, at most 200 bytes in UTF-8
 */
export function safeUploadName(name: string): string {
  const plain = lastBytes(
    baseName(name.replaceAll('\\', '/').toWellFormed()).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ''),
    LONGEST_NAME,
  ).trim();
  return plain === '' || /^\.+$/.test(plain) ? 'file' : plain;
}

/** As much of the end of a text as fits, whole characters only. */
function lastBytes(text: string, most: number): string {
  let size = 0;
  let start = text.length;
  // No character takes fewer than one byte.
  for (const character of [...text.slice(-most)].reverse()) {
    size += Buffer.byteLength(character);
    if (size > most) break;
    start -= character.length;
  }
  return text.slice(start);
}
