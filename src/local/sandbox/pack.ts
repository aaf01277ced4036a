/** Reads `python.pack` (its layout: scripts/pythonImage.mjs) from a file that the parent opened. */
import { arrayField, field, parseJson } from '../../core/json.ts';
import { host } from './host.ts';

export interface PackFile {
  /** Below site-packages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Machine code that Python loads when it imports the package. */
export function isLibrary({ path }: PackFile): boolean {
  return path.endsWith('.so');
}

export interface Pack {
  readonly wasm: Uint8Array;
  readonly standardLibrary: Uint8Array;
  readonly snapshot: Uint8Array;
  /** Comes later. */
  readonly files: Promise<readonly PackFile[]>;
}

const magic = 'PYPACK1\n';

/**
 * Decompresses off the main thread: what Pyodide needs to start first, the packages while it starts.
 * @throws Error where the file is not a pack
 */
export async function readPack(fd: number): Promise<Pack> {
  const head = new Uint8Array(12);
  if (!host.readAt(fd, head, 0) || String.fromCharCode(...head.subarray(0, 8)) !== magic) {
    throw new Error('The Python pack is not readable.');
  }
  const indexLength = new DataView(head.buffer).getUint32(8, true);
  const indexBytes = readPart(fd, head.length, indexLength);
  const index = parseJson(new TextDecoder().decode(indexBytes));
  const start = head.length + indexLength;

  const unpack = (name: string): Promise<Uint8Array> => {
    const [offset, length, size] = arrayField(field(index, 'parts'), name) ?? [];
    if (typeof offset !== 'number' || typeof length !== 'number' || typeof size !== 'number') {
      throw new Error(`The Python pack has no ${name}.`);
    }
    return host.decompress(readPart(fd, start + offset, length), size);
  };
  const parts = [unpack('snapshot'), unpack('wasm'), unpack('stdlib')] as const;
  const [snapshot, wasm, standardLibrary] = await Promise.all(parts);
  const files = unpack('files').then((whole) => listFiles(index, whole));
  return { files, wasm, standardLibrary, snapshot };
}

function readPart(fd: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (!host.readAt(fd, bytes, offset)) throw new Error('The Python pack is cut short.');
  return bytes;
}

function listFiles(index: unknown, whole: Uint8Array): PackFile[] {
  return (arrayField(index, 'files') ?? []).map((entry) => {
    const [path, offset, length] = Array.isArray(entry) ? entry : [];
    if (typeof path !== 'string' || typeof offset !== 'number' || typeof length !== 'number') {
      throw new Error('The Python pack lists a file that is none.');
    }
    return { path, bytes: whole.subarray(offset, offset + length) };
  });
}
