import type { FileRef } from './citations.ts';
import { type SavedFile, savedFile } from './savedFiles.ts';
import { finite, list, MISMATCH, maybe, object, text } from './stored/shape.ts';
import { version1 } from './stored/version.ts';

/** A file that was replaced, and can be put back. */
export interface ReplacedFile {
  readonly uri: string;
  /** Under which its bytes are kept. */
  readonly kept: string;
  /** Of what it was replaced with, in hex. */
  readonly sha256: string;
  /** Where it had come from, if from a container itself. */
  readonly previous: SavedFile | undefined;
}

/** What one save replaced. */
export interface Replacement {
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly files: readonly ReplacedFile[];
}

/** Which files of a container were saved. */
export interface SavedOfContainer {
  readonly containerId: string;
  readonly fileIds: readonly string[];
}

/** What saving remembers of a workspace. Immutable. */
export interface SaveMemory {
  readonly version: 1;
  /** Address of the folder where files go. */
  readonly folder: string | undefined;
  /** The one used last stands last. */
  readonly saved: readonly SavedOfContainer[];
  /** The latest last. */
  readonly replaced: readonly Replacement[];
}

export const NO_MEMORY: SaveMemory = { version: 1, folder: undefined, saved: [], replaced: [] };

const MOST_CONTAINERS = 50;
/** Of all containers together. */
const MOST_IDS = 20_000;
const MOST_REPLACEMENTS = 20;

/** After these files were saved. */
export function withFilesSaved(memory: SaveMemory, files: readonly FileRef[]): SaveMemory {
  const byContainer = Map.groupBy(files, ({ containerId }) => containerId);
  const others = memory.saved.filter(({ containerId }) => !byContainer.has(containerId));
  const changed = [...byContainer].map(([containerId, added]) => {
    const before = memory.saved.find((one) => one.containerId === containerId)?.fileIds ?? [];
    return { containerId, fileIds: [...new Set([...before, ...added.map(({ fileId }) => fileId)])] };
  });
  return { ...memory, saved: bounded([...others, ...changed].slice(-MOST_CONTAINERS)) };
}

/** Those that were not saved yet. A file's id never comes to mean other bytes, so one that was written anew is new. */
export function notYetSaved<T extends FileRef>(memory: SaveMemory, files: readonly T[]): T[] {
  const saved = new Map(memory.saved.map(({ containerId, fileIds }) => [containerId, new Set(fileIds)]));
  return files.filter(({ containerId, fileId }) => !saved.get(containerId)?.has(fileId));
}

export function withReplacement(memory: SaveMemory, replacement: Replacement): SaveMemory {
  return { ...memory, replaced: [...memory.replaced, replacement].slice(-MOST_REPLACEMENTS) };
}

export function withoutReplacement(memory: SaveMemory, id: string): SaveMemory {
  return { ...memory, replaced: memory.replaced.filter((one) => one.id !== id) };
}

/** What was stored, or undefined where it is not that. */
export function parseSaveMemory(value: unknown): SaveMemory | undefined {
  const read = saveMemory(value);
  return read === MISMATCH ? undefined : read;
}

const saveMemory = object<SaveMemory>({
  version: version1,
  folder: maybe(text()),
  saved: list(
    object<SavedOfContainer>({ containerId: text(), fileIds: list(text(), MOST_IDS) }),
    MOST_CONTAINERS,
  ),
  replaced: list(
    object<Replacement>({
      id: text(),
      at: finite,
      files: list(
        object<ReplacedFile>({ uri: text(), kept: text(64), sha256: text(64), previous: maybe(savedFile) }),
      ),
    }),
    MOST_REPLACEMENTS,
  ),
});

/** As many as fit of the containers used last. */
function bounded(saved: readonly SavedOfContainer[]): readonly SavedOfContainer[] {
  let room = MOST_IDS;
  const kept: SavedOfContainer[] = [];
  for (const { containerId, fileIds } of saved.toReversed()) {
    if (room <= 0) break;
    kept.unshift({ containerId, fileIds: fileIds.slice(-room) });
    room -= fileIds.length;
  }
  return kept;
}
