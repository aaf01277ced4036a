import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Recorded answers of real servers; they lie beside the checkout and are no part of it. */
export const RECORDINGS = path.resolve(import.meta.dirname, '../../../shared/recordings');

/** The recorded streams; none where the recordings are absent. */
export function recordedStreams(): readonly Uint8Array[] {
  if (!existsSync(RECORDINGS)) return [];
  const names = readdirSync(RECORDINGS).filter((name) => name.endsWith('.sse'));
  return names.map((name) => readFileSync(path.join(RECORDINGS, name)));
}
