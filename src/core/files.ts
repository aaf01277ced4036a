import type { Citation } from './events.ts';

/** A file in a container, as the Containers API lists it (https://platform.openai.com/docs/api-reference/container-files). */
export interface ContainerFile {
  readonly id: string;
  /** The container's native id: the key for everything (see `gateway/litellm.ts`). */
  readonly containerId: string;
  /** Full path in the container, such as `/mnt/data/sales.csv`. */
  readonly path: string;
  /** Null for files that the model made: the service does not tell (wire.md, section 4). */
  readonly bytes: number | undefined;
  /** Seconds since the epoch. */
  readonly createdAt: number | undefined;
  readonly source: 'user' | 'assistant' | undefined;
}

/** A container, as the Containers API lists it. */
export interface Container {
  /** Native id. */
  readonly id: string;
  readonly name: string;
  readonly status: 'running' | 'expired' | 'unknown';
  /** Seconds since the epoch. */
  readonly createdAt: number | undefined;
  readonly expiresAfterMinutes: number | undefined;
  readonly memoryLimit: string | undefined;
}

/** What a file is called: the last segment of its path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

/** MIME type of a picture the panel can show, by its name; undefined for anything else (SVG too: it can carry script). */
export function imageType(name: string): string | undefined {
  return IMAGE_TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
}

/** How the name of a picture of a type ends; the opposite of {@link imageType}. */
export function imageExtension(type: string): string {
  return Object.keys(IMAGE_TYPES).find((extension) => IMAGE_TYPES[extension] === type) ?? 'png';
}

/** Whether a citation stands for a figure that a step displayed: its file has no name of its own and the text no link to it. */
export function isDisplayedFigure(citation: Citation): boolean {
  return citation.endIndex <= citation.startIndex && /^cfile_\w+\.\w+$/.test(citation.filename);
}
