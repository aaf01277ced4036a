import { baseName } from '../../core/files.ts';

/** Bytes; what common file systems allow, with room for a prefix. */
const LONGEST_NAME = 200;

/**
 * A client's file name made fit for `/mnt/data`: its last segment without control, format and bidi characters.
 *
 * @returns never empty, never `.` or `..`
 */
export function safeUploadName(name: string): string {
  const plain = baseName(name.replaceAll('\\', '/').toWellFormed())
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .trim()
    .slice(-LONGEST_NAME);
  return plain === '' || /^\.+$/.test(plain) ? 'file' : plain;
}
