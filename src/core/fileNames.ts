/**
 * Names of files that a gateway gives are hostile until made safe here (design: Safety). Rules for POSIX and Windows
 * are applied everywhere, for what is saved on one may be opened on the other.
 */

/** Device names that Windows keeps for itself, with any extension (learn.microsoft.com, "Naming Files, Paths, and Namespaces"). */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/** What cannot be seen or changes how the rest is read; disks of Apple ignore some of it where names are compared. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Bytes of UTF-8 that every common file system takes in one name, less room for " (99)" and a temporary suffix. */
const LONGEST_NAME = 200;

/** Folders above a file that are kept of a path; a path of them and the name stays below what Linux takes (4,096 bytes). */
const DEEPEST = 12;

/** A place below a folder: each segment made safe on its own. */
export interface RelativePlace {
  /** From the outermost inwards; empty for a file in the folder itself. */
  readonly folders: readonly string[];
  readonly name: string;
}

/**
 * One file name, without folders, that can be written anywhere: separators, drives, control and bidirectional
 * characters, trailing dots and spaces and reserved names are gone.
 *
 * @param name a name or path as the gateway gave it
 * @returns a name of at least one character, never `.` or `..`
 */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const cleaned = last
    .toWellFormed()
    .normalize('NFC')
    .replace(INVISIBLE, '')
    // Taking something out can bring together what is one character.
    .normalize('NFC')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\s+|[\s.]+$/g, '');
  const usable = cleaned === '' || /^\.+$/.test(cleaned) ? 'file' : cleaned;
  const short = shorten(usable);
  return RESERVED.test(short) ? shorten(`_${short}`) : short;
}

/**
 * A place below a folder for a path that the gateway gave. What leads upwards or nowhere (`..`, `.`, nothing) is left
 * out; of a path that is too deep the innermost folders stay.
 *
 * @param path as the gateway gave it, below `base` or not
 * @param base the folder of the container that the new one stands for
 */
export function safeRelativePlace(path: string, base = '/mnt/data'): RelativePlace {
  const below = path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
  const segments = below.split(/[/\\]/);
  const folders = segments
    .slice(0, -1)
    .filter((segment) => !/^[\s.]*$/.test(segment))
    .slice(-DEEPEST)
    .map(safeFileName);
  return { folders, name: safeFileName(segments.at(-1) ?? '') };
}

/** `name` cut to the longest length, its extension kept. */
function shorten(name: string): string {
  const size = (text: string) => new TextEncoder().encode(text).length;
  if (size(name) <= LONGEST_NAME) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  const room = LONGEST_NAME - size(extension);
  let stem = '';
  for (const character of name.slice(0, name.length - extension.length)) {
    if (size(stem + character) > room) break;
    stem += character;
  }
  const cut = extension === '' ? stem.replace(/[\s.]+$/, '') : stem + extension;
  return cut === '' ? 'file' : cut;
}

/** The name with a number before its extension: `chart (2).png`. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`;
}

/**
 * How names are compared: two that a disk may take for one are equal here. Some disks do not tell case apart, nor how
 * an accent is spelled; Apple's fold `ß` to `ss`.
 */
export function foldName(name: string): string {
  return name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}
