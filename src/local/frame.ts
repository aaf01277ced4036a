/**
 * Messages between the gateway and the locked child: a JSON header and a body of bytes.
 * On the pipe: header length and body length (u32, little endian), header, body. Both sides use this file; the parent
 * treats what it reads as hostile, so every length is bounded before anything is kept.
 */
import { isObject, type JsonObject, parseJson } from '../core/json.ts';

export interface Frame {
  readonly header: JsonObject;
  readonly body: Uint8Array;
}

export interface FrameLimits {
  /** Bytes. */
  readonly header: number;
  readonly body: number;
}

/** What came on the pipe is not a frame, or is larger than allowed: nothing after it can be trusted. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

export interface FrameReader {
  /**
   * Takes the next bytes, of any number, and gives the frames that are now whole. The bytes are copied.
   * @throws FrameError; after that the reader is useless
   */
  push(bytes: Uint8Array): Frame[];
}

const prefixLength = 8;
const maxLength = 0xffff_ffff;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
// Taken once: in the child, code that is not ours may later put its own on the shared prototypes.
const stringify = JSON.stringify;

/** The pieces of one frame, to be written one after the other. The body is not copied. */
export function encodeFrame(header: JsonObject, body: Uint8Array = new Uint8Array(0)): Uint8Array[] {
  const text = encoder.encode(stringify(header));
  if (text.length > maxLength || body.length > maxLength) throw new FrameError('The message is too large.');
  const prefix = new Uint8Array(prefixLength);
  const view = new DataView(prefix.buffer);
  view.setUint32(0, text.length, true);
  view.setUint32(4, body.length, true);
  return [prefix, text, body];
}

/** Reads frames out of a stream of bytes. Keeps at most one frame that is not whole. */
export function createFrameReader(limits: FrameLimits): FrameReader {
  const prefix = new Uint8Array(prefixLength);
  let prefixFilled = 0;
  let content: Uint8Array | undefined;
  let filled = 0;
  let headerLength = 0;

  function open(): void {
    const view = new DataView(prefix.buffer);
    headerLength = view.getUint32(0, true);
    const bodyLength = view.getUint32(4, true);
    if (headerLength > limits.header || bodyLength > limits.body) {
      throw new FrameError(`A message of ${headerLength} + ${bodyLength} bytes is larger than allowed.`);
    }
    content = new Uint8Array(headerLength + bodyLength);
    filled = 0;
  }

  function close(whole: Uint8Array): Frame {
    prefixFilled = 0;
    content = undefined;
    const header = parseJson(decoder.decode(whole.subarray(0, headerLength)));
    if (!isObject(header)) throw new FrameError('A message has no readable header.');
    return { header, body: whole.subarray(headerLength) };
  }

  return {
    push(bytes) {
      const frames: Frame[] = [];
      let at = 0;
      while (at < bytes.length || (content && filled === content.length)) {
        if (!content) {
          const part = bytes.subarray(at, at + prefixLength - prefixFilled);
          prefix.set(part, prefixFilled);
          prefixFilled += part.length;
          at += part.length;
          if (prefixFilled === prefixLength) open();
          continue;
        }
        const part = bytes.subarray(at, at + content.length - filled);
        content.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === content.length) frames.push(close(content));
      }
      return frames;
    },
  };
}
