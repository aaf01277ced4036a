import type { Citation } from './events.ts';
import { baseName, type ContainerFile, isDisplayedFigure } from './files.ts';
import type { RunState } from './runState.ts';

/** Which file: enough to fetch it. */
export interface FileRef {
  readonly containerId: string;
  readonly fileId: string;
  readonly filename: string;
}

/** All citations of a run, in the order of the text, each file once for each place it is named at. */
export function runCitations(state: RunState): readonly Citation[] {
  return state.items.flatMap((item) =>
    item.kind === 'message' ? item.parts.flatMap((part) => part.citations) : [],
  );
}

const SANDBOX = /^sandbox:(\/.*)$/i;

/**
 * The file a `sandbox:/mnt/data/…` link of an answer means: by its citation, then by its path in the list of files.
 *
 * @param href the link's target as written in the Markdown
 * @returns the file; `missing` with its name where the link is one of these but no such file is known; undefined
 *   where the link is something else
 */
export function resolveSandboxLink(
  href: string,
  citations: readonly Citation[],
  files: readonly ContainerFile[],
): FileRef | { readonly missing: string } | undefined {
  const match = SANDBOX.exec(href);
  if (!match?.[1]) return undefined;
  const path = decode(match[1]);
  const name = baseName(path);
  const cited = citations.findLast((citation) => citation.filename === name);
  if (cited) return { containerId: cited.containerId, fileId: cited.fileId, filename: name };
  // Files that were uploaded carry a prefix that the model does not always repeat (wire.md, section 4).
  const listed =
    files.findLast((file) => file.path === path) ?? files.findLast((file) => file.path.endsWith(`-${name}`));
  return listed ? { containerId: listed.containerId, fileId: listed.id, filename: name } : { missing: name };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The files that a run made, each once: those listed by the container, and those cited that the list lacks.
 * A figure that a step already shows is left out, for its picture is there; its file is in the tree.
 */
export function filesMade(state: RunState, listed: readonly ContainerFile[]): readonly FileRef[] {
  const shown = state.items.some(
    (item) => item.kind === 'code' && item.outputs?.some((output) => output.type === 'image'),
  );
  const made = new Map<string, FileRef>();
  const figures = new Set<string>();
  for (const citation of runCitations(state)) {
    if (shown && isDisplayedFigure(citation)) figures.add(citation.fileId);
    else made.set(citation.fileId, citation);
  }
  for (const file of listed) {
    const filename = baseName(file.path);
    const figure = shown && /^cfile_\w+\.\w+$/.test(filename);
    if (figure || figures.has(file.id) || made.has(file.id)) continue;
    made.set(file.id, { containerId: file.containerId, fileId: file.id, filename });
  }
  return [...made.values()].map(({ containerId, fileId, filename }) => ({ containerId, fileId, filename }));
}
