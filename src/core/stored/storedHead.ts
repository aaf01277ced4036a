import { parseJson } from '../json.ts';
import type { GatewayLabel } from '../session.ts';
import { count, finite, flag, MISMATCH, maybe, object, type Reader, text } from './shape.ts';

/** Of the format of stored sessions. A file of another version is left alone: it may be a newer program's. */
export const STORED_VERSION = 1;

/** What a list tells of a session: the first line of its file, so that a list needs no more of it. */
export interface StoredHead {
  readonly version: typeof STORED_VERSION;
  readonly id: string;
  readonly title: string;
  /** When something last happened in it, ms since the epoch. */
  readonly updatedAt: number;
  readonly gateway: GatewayLabel;
  readonly runs: number;
  readonly pictures: number;
  readonly files: number;
  /** A run was under way when this was written. */
  readonly running: boolean;
  /** The process, on this machine, of the window that has it open; undefined where none has. */
  readonly owner: number | undefined;
}

/** UTF-16 units. */
export const LONGEST_TITLE = 200;

/** Ids that become names of files. */
export const readId: Reader<string> = (value) =>
  typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : MISMATCH;

export const readGateway = object<GatewayLabel>({ name: text(), local: flag, model: text() });

const readHead = object<StoredHead>({
  version: (value) => (value === STORED_VERSION ? STORED_VERSION : MISMATCH),
  id: readId,
  title: text(LONGEST_TITLE),
  updatedAt: finite,
  gateway: readGateway,
  runs: count,
  pictures: count,
  files: count,
  running: flag,
  owner: maybe(count),
});

/** The head, from the first line of a session's text; undefined where it is none of this version. Never throws. */
export function parseHead(line: string): StoredHead | undefined {
  const head = readHead(parseJson(line));
  return head === MISMATCH ? undefined : head;
}
