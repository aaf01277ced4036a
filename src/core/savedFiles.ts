import { type FileRef, filesMade } from './citations.ts';
import type { RunEntry, SessionState } from './session.ts';
import { count, finite, list, MISMATCH, maybe, object, type Reader, text } from './stored/shape.ts';
import { version1 } from './stored/version.ts';

/** The run that made a file, with what it takes to show it when the session itself is gone. */
export interface RunOrigin {
  readonly sessionId: string;
  readonly runId: string;
  readonly responseId: string | undefined;
  readonly prompt: string;
  /** The code of each step. */
  readonly code: readonly string[];
  /** ms since the epoch. */
  readonly at: number;
}

/** A file that was saved, and what it was then. */
export interface SavedFile {
  readonly uri: string;
  /** ms since the epoch. */
  readonly savedAt: number;
  /** Undefined for a picture that is in no file of the container. */
  readonly source: FileRef | undefined;
  /** What the gateway is called. */
  readonly gateway: string;
  /** Of the bytes that were saved, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** When the saved file was last changed, as the file system said right after, in ms since the epoch. */
  readonly mtime: number;
  /** Under which the bytes are kept for comparing when the container is gone. */
  readonly kept: string | undefined;
  readonly runId: string | undefined;
}

/** Where the files of a workspace came from. Immutable. */
export interface SavedFiles {
  readonly version: 1;
  /** The latest last; each address once. */
  readonly files: readonly SavedFile[];
  /** Of the files, each run once. */
  readonly origins: readonly RunOrigin[];
}

export const NOTHING_SAVED: SavedFiles = { version: 1, files: [], origins: [] };

/** Files that are remembered; the oldest is forgotten first. */
export const MOST_FILES = 500;
/** UTF-16 units. */
const LONGEST_PROMPT = 20_000;
const LONGEST_CODE = 200_000;

/** After these files were saved. */
export function withSaved(
  saved: SavedFiles,
  files: readonly SavedFile[],
  origins: readonly RunOrigin[],
): SavedFiles {
  const uris = new Set(files.map(({ uri }) => uri));
  return pruned({
    ...saved,
    files: [...saved.files.filter(({ uri }) => !uris.has(uri)), ...files],
    origins: [...new Map([...saved.origins, ...origins].map((origin) => [origin.runId, origin])).values()],
  });
}

/** After these files, or the folders that they were in, went away. */
export function withoutSaved(saved: SavedFiles, uris: readonly string[]): SavedFiles {
  const left = saved.files.filter((file) => !uris.some((uri) => isAt(file.uri, uri)));
  return left.length === saved.files.length ? saved : pruned({ ...saved, files: left });
}

/** After a file or folder was moved. */
export function movedSaved(saved: SavedFiles, from: string, to: string): SavedFiles {
  const moved = saved.files.filter((file) => isAt(file.uri, from));
  if (moved.length === 0) return saved;
  const files = moved.map((file) => ({ ...file, uri: to + file.uri.slice(from.length) }));
  return withSaved(withoutSaved(saved, [from]), files, saved.origins);
}

/** The record of the file at this address. */
export function savedAt(saved: SavedFiles, uri: string): SavedFile | undefined {
  return saved.files.findLast((file) => file.uri === uri);
}

export function originOf(saved: SavedFiles, file: SavedFile): RunOrigin | undefined {
  return saved.origins.find(({ runId }) => runId === file.runId);
}

/** The run of a session that made a file: the last that lists or names it. */
export function runThatMade(session: SessionState, file: FileRef): RunOrigin | undefined {
  const run = session.runs.findLast(
    ({ state, files }) =>
      files.some(({ id }) => id === file.fileId) ||
      filesMade(state, files).some(({ fileId }) => fileId === file.fileId),
  );
  return run && originFrom(session, run);
}

/** The run of a session whose code drew a picture. @param key the picture's, as it stands in the outputs */
export function runThatDrew(session: SessionState, key: string): RunOrigin | undefined {
  const run = session.runs.find(({ state }) =>
    state.items.some(
      (item) =>
        item.kind === 'code' && item.outputs?.some((output) => output.type === 'image' && output.url === key),
    ),
  );
  return run && originFrom(session, run);
}

function originFrom(session: SessionState, run: RunEntry): RunOrigin {
  const code = run.state.items.flatMap((item) => (item.kind === 'code' && item.code !== '' ? item.code : []));
  return {
    sessionId: session.id,
    runId: run.id,
    responseId: run.state.responseId,
    prompt: cut(run.prompt, LONGEST_PROMPT),
    code: code.map((one) => cut(one, LONGEST_CODE / code.length)),
    at: run.requestedAt,
  };
}

/** What was stored, or undefined where it is not that. */
export function parseSavedFiles(value: unknown): SavedFiles | undefined {
  const read = savedFiles(value);
  return read === MISMATCH ? undefined : read;
}

/** Reads one record. */
export const savedFile: Reader<SavedFile> = object<SavedFile>({
  uri: text(),
  savedAt: finite,
  source: maybe(object<FileRef>({ containerId: text(), fileId: text(), filename: text() })),
  gateway: text(),
  sha256: text(64),
  bytes: count,
  mtime: finite,
  kept: maybe(text(64)),
  runId: maybe(text()),
});

const savedFiles = object<SavedFiles>({
  version: version1,
  files: list(savedFile, MOST_FILES),
  origins: list(
    object<RunOrigin>({
      sessionId: text(),
      runId: text(),
      responseId: maybe(text()),
      prompt: text(),
      code: list(text()),
      at: finite,
    }),
    MOST_FILES,
  ),
});

function pruned({ version, files, origins }: SavedFiles): SavedFiles {
  const kept = files.slice(-MOST_FILES);
  const runs = new Set(kept.map(({ runId }) => runId));
  return { version, files: kept, origins: origins.filter(({ runId }) => runs.has(runId)) };
}

function isAt(uri: string, place: string): boolean {
  return uri === place || uri.startsWith(`${place}/`);
}

function cut(words: string, longest: number): string {
  return words.length <= longest ? words : `${words.slice(0, longest - 1)}…`;
}
