import type { JsonObject } from '../../core/json.ts';
import { createFrameReader, type Frame, type FrameLimits } from '../frame.ts';
import { host } from './host.ts';
import { leave } from './leave.ts';
import { writeMessage } from './parentPipe.ts';

const input = 0;

/**
 * The pipe to the parent. Neither end of it is anywhere but in these closures: what Python writes to its own
 * descriptors 1 and 2 goes to `output.ts`.
 */
export interface Channel {
  send(header: JsonObject, body?: Uint8Array): void;
  /** Gives each message to the handler, one after the other; ends this process when the pipe closes. */
  serve(handle: (frame: Frame) => Promise<void>): void;
}

export function openChannel(limits: FrameLimits): Channel {
  return {
    send(header, body) {
      try {
        writeMessage(header, body);
      } catch {
        // Nobody is left to read it, and nobody to tell.
        leave('orphan');
      }
    },
    serve(handle) {
      const reader = createFrameReader(limits);
      const buffer = new Uint8Array(1 << 16);
      let queue = Promise.resolve();
      const next = (): void => {
        host.read(input, buffer, (error, count) => {
          if (error || count === 0) return leave('orphan');
          for (const frame of reader.push(buffer.subarray(0, count))) {
            queue = queue.then(() => handle(frame));
          }
          next();
        });
      };
      next();
    },
  };
}
