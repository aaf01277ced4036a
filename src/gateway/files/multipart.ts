import { randomUUID } from 'node:crypto';

/** A file to upload. */
export interface UploadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Told how many of the bytes have been taken by the connection; from the beginning again at each try. */
  readonly onSent?: (bytes: number) => void;
}

/** Bytes handed to the connection at a time. */
const PIECE = 256 * 1024;

/**
 * A `multipart/form-data` body with one file in the field `file`: the only form that LiteLLM takes (wire.md,
 * section 4). The name is quoted as browsers do (https://html.spec.whatwg.org/#multipart-form-data).
 */
export function multipartFile(file: UploadFile, fields: Readonly<Record<string, string>> = {}) {
  const boundary = `----${randomUUID()}`;
  const name = file.name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
  const parts = Object.entries(fields).map(
    ([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  );
  const head = Buffer.from(
    `${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const length = head.byteLength + file.bytes.byteLength + tail.byteLength;
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(length),
    },
    // To be read as often as it is sent.
    bytes: {
      async *[Symbol.asyncIterator]() {
        yield head;
        for (let at = 0; at < file.bytes.byteLength; at += PIECE) {
          // Asked for more, the connection has taken what it had.
          file.onSent?.(at);
          yield file.bytes.subarray(at, at + PIECE);
        }
        yield tail;
        file.onSent?.(file.bytes.byteLength);
      },
    },
  };
}
