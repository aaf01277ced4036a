import type { JsonObject } from '../../core/json.ts';
import { encodeFrame } from '../frame.ts';
import { host } from './host.ts';

const descriptor = 1;
let writing = false;

/**
 * Writes one message to the parent, waiting where the pipe is full.
 * @throws Error where the parent reads no more, and where an earlier message was broken off in its middle: after that
 * nothing could be understood
 */
export function writeMessage(header: JsonObject, body?: Uint8Array): void {
  if (writing) throw new Error('A message was broken off.');
  writing = true;
  for (const piece of encodeFrame(header, body)) host.write(descriptor, piece);
  writing = false;
}
