import { MOST_DROPPED } from '../protocol.ts';

/** What a drop or a paste brings: addresses the editor knows, or files with their bytes. */
export interface Brought {
  readonly uris: readonly string[];
  readonly files: readonly File[];
}

/** The lists of addresses, the editor's own first (code.visualstudio.com/api/references/vscode-api#DataTransfer). */
const URI_LISTS = ['application/vnd.code.uri-list', 'text/uri-list'];

/** Whether what is dragged can be attached; before it is dropped only its kinds are known. */
export function canBeAttached(types: readonly string[]): boolean {
  return types.includes('Files') || URI_LISTS.some((type) => types.includes(type));
}

/** What a drop brings; files that the editor has an address for come by that alone. */
export function readDrop(data: DataTransfer): Brought {
  for (const type of URI_LISTS) {
    const uris = parseUriList(data.getData(type));
    if (uris.length > 0) return { uris, files: [] };
  }
  return { uris: [], files: [...data.files] };
}

/** The files that are pasted; none where there is text that is meant, as from a spreadsheet. */
export function readPaste(data: DataTransfer): readonly File[] {
  const isText = ['text/html', 'text/rtf'].some((type) => data.types.includes(type));
  return isText && data.types.includes('text/plain') ? [] : [...data.files];
}

/** Addresses of files in a list of lines (RFC 2483, section 5); web pages are none. */
export function parseUriList(list: string): readonly string[] {
  const lines = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  return lines
    .filter((line) => URL.canParse(line) && !/^(?:https?|data|blob|javascript):/i.test(line))
    .slice(0, MOST_DROPPED);
}
