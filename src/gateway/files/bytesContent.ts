import type { FileContent } from './content.ts';

/** Bytes that are in memory, as the content of a file. */
export function bytesContent(bytes: Uint8Array): FileContent {
  const chunks = async function* () {
    yield bytes;
  };
  return { length: bytes.byteLength, discard: () => {}, chunks: chunks() };
}
