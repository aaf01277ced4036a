/**
 * Names of files that a gateway gives are hostile until made safe here (design: Safety). Rules for POSIX and Windows
 * are applied everywhere, for what is saved on one may be opened on the other.
 */

/** Device names that Windows keeps for itself, with any extension (learn.microsoft.com, "Naming Files, Paths, and Namespaces"). */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/** Bytes of UTF-8 that every common file system takes in one name, less room for " (99)" and a temporary suffix. */
const LONGEST_NAME = 200;

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
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\s+|[\s.]+$/g, '');
  const usable = cleaned === '' || /^\.+$/.test(cleaned) ? 'file' : cleaned;
  const short = shorten(usable);
  return RESERVED.test(short) ? shorten(`_${short}`) : short;
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

/** Files that editors, shells or package managers act on by their mere presence. */
const ACTED_ON =
  /^(?:\.(?:vscode|git|gitattributes|gitmodules|devcontainer|devcontainer\.json|npmrc|yarnrc|yarnrc\.yml|envrc|bashrc|bash_profile|profile|zshrc|zshenv|zprofile|editorconfig|mcp\.json|pth)|.*\.code-workspace|.*\.pth|package\.json|devcontainer\.json|tasks\.json|launch\.json|settings\.json|makefile|conftest\.py|sitecustomize\.py|usercustomize\.py|autorun\.inf|desktop\.ini)$/i;

/** Folders in which any file may be acted on. */
const ACTED_ON_FOLDER = /[/\\]\.(?:vscode|git|devcontainer|github|husky|idea)(?:[/\\]|$)/i;

/**
 * Whether writing the file deserves an extra question, for an editor or a shell may run what it says.
 *
 * @param path the whole path it is to be written to
 */
export function isActedOn(path: string): boolean {
  const name = path.split(/[/\\]/).at(-1) ?? '';
  return ACTED_ON.test(name) || ACTED_ON_FOLDER.test(path);
}
