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
  const cited = state.items.flatMap((item) =>
    item.kind === 'message' ? item.parts.flatMap((part) => part.citations) : [],
  );
  if (cited.every((citation) => citation.containerId !== '')) return cited;
  // Some gateways leave the container out of a citation: it is the one that the run's code ran in.
  const ran =
    state.items.flatMap((item) => (item.kind === 'code' ? (item.containerId ?? []) : [])).at(-1) ?? '';
  return cited.map((citation) =>
    citation.containerId === '' ? { ...citation, containerId: ran } : citation,
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
    files.findLast((file) => file.path === path) ?? files.findLast((file) => isUploadOf(file.path, name));
  return listed ? { containerId: listed.containerId, fileId: listed.id, filename: name } : { missing: name };
}

/** What services put before the name of an upload: hex (also a UUID) or a file id. */
const UPLOAD_PREFIX = /^(?:[0-9a-f]{8}[0-9a-f-]*|c?file[-_][A-Za-z0-9]+)-$/i;

function isUploadOf(path: string, name: string): boolean {
  const full = baseName(path);
  return full.endsWith(name) && UPLOAD_PREFIX.test(full.slice(0, full.length - name.length));
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
