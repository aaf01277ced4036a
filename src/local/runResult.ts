/** What a run sends back, collected and checked: nothing of it is trusted. */
import { arrayField, numberField } from '../core/json.ts';
import { isDataPath } from './dataPath.ts';
import type { Frame } from './frame.ts';
import type { PythonEnd, PythonOutcome } from './python.ts';
import { inWords, type Limits, tailLength } from './sandbox/limits.ts';

export interface RunResult {
  readonly outcome: PythonOutcome;
  /** How often the code was interrupted, by its own account. */
  readonly interrupts: number;
}

export interface RunCollector {
  /**
   * Takes the next message.
   * @returns what the run came to, where this was its last message
   * @throws Error where the message is not acceptable
   */
  take(frame: Frame): RunResult | undefined;
  /** What has come so far of a run that did not end by itself; `said` is what people are told of it. */
  broken(end: PythonEnd, said: string | undefined): PythonOutcome;
  /** Whether all that a run which did not end by itself had made has come. */
  readonly rescued: boolean;
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const ends: readonly PythonEnd[] = ['ok', 'error', 'interrupted', 'out_of_memory'];
const lineFeed = 10;

/**
 * Collects the messages of the run of this number.
 * @param held paths of the files that were there before
 */
export function collectRun(id: number, limits: Limits, held: ReadonlySet<string>): RunCollector {
  const mostLogBytes = limits.outputBytes + 4 * tailLength(limits) + 1024;
  const logs: Uint8Array[] = [];
  const images: Uint8Array[] = [];
  const written = new Map<string, Uint8Array>();
  const removed = new Set<string>();
  let remarks: readonly string[] = [];
  let logBytes = 0;
  let imageBytes = 0;
  let fileBytes = 0;
  let rescued = false;

  function addLogs(bytes: Uint8Array): void {
    logBytes += bytes.length;
    if (logBytes > mostLogBytes) throw new Error('Too much output.');
    if (bytes.length > 0) logs.push(bytes);
  }

  function addImage(png: Uint8Array): void {
    imageBytes += png.length;
    if (images.length >= limits.figures || imageBytes > limits.figureBytes)
      throw new Error('Too many pictures.');
    if (!pngSignature.every((byte, index) => png[index] === byte)) throw new Error('Not a PNG picture.');
    images.push(png);
  }

  function addFile(path: unknown, bytes: Uint8Array): void {
    if (!isDataPath(path)) throw new Error('Not a path of a file.');
    fileBytes += bytes.length - (written.get(path)?.length ?? 0);
    written.set(path, bytes);
    removed.delete(path);
    // Twice as much: files that grew may come before those that shrank.
    if (written.size > limits.files || fileBytes > 2 * limits.fileBytes) throw new Error('Too many files.');
  }

  function removeFiles(paths: readonly unknown[]): void {
    for (const path of paths) {
      if (!isDataPath(path)) throw new Error('Not a path of a file.');
      fileBytes -= written.get(path)?.length ?? 0;
      written.delete(path);
      // One that came and went in this run is nobody's: a long run may make and remove any number of them.
      if (held.has(path)) removed.add(path);
    }
  }

  function outcome(end: PythonEnd, said: readonly string[]): PythonOutcome {
    return {
      end,
      logs: new TextDecoder().decode(Buffer.concat(logs)),
      images,
      written: [...written].map(([path, bytes]) => ({ path, bytes })),
      removed: [...removed],
      remark: said.length > 0 ? said.join(' ') : undefined,
    };
  }

  return {
    take({ header, body }) {
      if (header['id'] !== id) throw new Error('A message of another run.');
      switch (header['type']) {
        case 'output':
          addLogs(body);
          return undefined;
        case 'image':
          addImage(body);
          return undefined;
        case 'file':
          addFile(header['path'], body);
          return undefined;
        case 'removed':
          removeFiles(arrayField(header, 'paths') ?? []);
          return undefined;
        case 'rescued':
          rescued = true;
          remarks = remarksOf(header, limits);
          return undefined;
        case 'done': {
          const needsBreak = body.length > 0 && logs.length > 0 && logs.at(-1)?.at(-1) !== lineFeed;
          if (needsBreak) addLogs(Uint8Array.of(lineFeed));
          addLogs(body);
          const end = ends.find((known) => known === header['end']) ?? 'error';
          return {
            outcome: outcome(end, remarksOf(header, limits)),
            interrupts: numberField(header, 'interrupts') ?? 0,
          };
        }
        default:
          throw new Error('An unknown message.');
      }
    },
    broken: (end, said) => outcome(end, said === undefined ? [] : [said, ...remarks]),
    get rescued() {
      return rescued;
    },
  };
}

/** What the child says of limits that were met, in sentences. */
function remarksOf(header: Frame['header'], limits: Limits): string[] {
  const count = (name: string): number => Math.max(0, Math.trunc(numberField(header, name) ?? 0));
  const remarks: string[] = [];
  if (count('cut') > 0) {
    remarks.push(
      `The output was too long: ${count('cut')} bytes of it were left out, ${inWords(limits.outputBytes)} are kept.`,
    );
  }
  if (count('figuresLeftOut') > 0) {
    remarks.push(
      `${many(count('figuresLeftOut'), 'figure')} left out: one run may show ${limits.figures} figures, of ${inWords(limits.figureBytes)} together.`,
    );
  }
  if (header['full'] === true) {
    remarks.push(
      `The files of this container are full: they may hold ${inWords(limits.fileBytes)} together, and what did not fit was refused.`,
    );
  }
  if (count('filesLeftOut') > 0) {
    remarks.push(
      `${many(count('filesLeftOut'), 'file')} not kept: a container keeps ${limits.files} files, of ${inWords(limits.fileBytes)} together.`,
    );
  }
  if (count('unnamed') > 0) {
    remarks.push(
      `${many(count('unnamed'), 'file')} not kept because of names that are no text or too long, or folders that are too deep.`,
    );
  }
  return remarks;
}

function many(count: number, thing: string): string {
  return count === 1 ? `1 ${thing} was` : `${count} ${thing}s were`;
}
