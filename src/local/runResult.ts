/** What a run sends back, collected and checked: nothing of it is trusted. */
import { arrayField, numberField, stringField } from '../core/json.ts';
import type { Frame } from './frame.ts';
import { DATA_DIR, type PythonEnd, type PythonFile, type PythonOutcome } from './python.ts';
import { limits } from './sandbox/limits.ts';

export interface RunResult {
  readonly outcome: PythonOutcome;
  /** How often the code was interrupted, by its own account. */
  readonly interrupts: number;
}

const maxPathLength = 1024;
const maxImageBytes = 64 << 20;
const maxLogBytes = 2 * limits.outputBytes;
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const ends: readonly PythonEnd[] = ['ok', 'error', 'interrupted', 'out_of_memory'];

/**
 * Gives a handler for the messages of one run; it calls back once, at the end.
 * @throws Error from the handler where a message is not acceptable
 */
export function collectRun(id: number, done: (result: RunResult) => void): (frame: Frame) => void {
  const images: Uint8Array[] = [];
  const written: PythonFile[] = [];
  const remarks: string[] = [];
  let imageBytes = 0;
  let fileBytes = 0;
  let unnamed = 0;

  return ({ header, body }) => {
    if (header['id'] !== id) throw new Error('A message of another run.');
    switch (header['type']) {
      case 'image':
        imageBytes += body.length;
        if (images.length >= limits.images || imageBytes > maxImageBytes)
          throw new Error('Too many pictures.');
        if (!pngSignature.every((byte, index) => body[index] === byte)) throw new Error('Not a PNG picture.');
        images.push(body);
        return;
      case 'file': {
        const path = stringField(header, 'path') ?? '';
        fileBytes += body.length;
        if (written.length >= limits.files || fileBytes > limits.fileBytes)
          throw new Error('Too many files.');
        if (isDataPath(path)) written.push({ path, bytes: body });
        else unnamed += 1;
        return;
      }
      case 'done': {
        if (body.length > maxLogBytes) throw new Error('Too much output.');
        const end = ends.find((known) => known === header['end']) ?? 'error';
        const removed = (arrayField(header, 'removed') ?? []).filter(isDataPath).slice(0, limits.files);
        const cut = numberField(header, 'cut') ?? 0;
        if (cut > 0) remarks.push(`The output was too long: ${cut} bytes of it were left out.`);
        if (unnamed > 0) remarks.push(`${unnamed} files have names that cannot be kept.`);
        const remark = remarks.length > 0 ? remarks.join(' ') : undefined;
        const logs = new TextDecoder().decode(body);
        const interrupts = numberField(header, 'interrupts') ?? 0;
        done({ outcome: { end, logs, images, written, removed, remark }, interrupts });
        return;
      }
      default:
        throw new Error('An unknown message.');
    }
  };
}

/** Whether this is an absolute path of a file below the container's folder, with nothing in it that leads elsewhere. */
export function isDataPath(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > maxPathLength || !path.startsWith(`${DATA_DIR}/`))
    return false;
  const segments = path.slice(DATA_DIR.length + 1).split('/');
  return segments.every(
    (segment) => segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('\0'),
  );
}
