import { baseName } from '../../core/files.ts';
import { ApiError } from '../http/apiError.ts';
import { type Clock, newId } from '../ids.ts';
import type { Python, PythonEnd, StartPython } from '../python.ts';
import type { Limits } from '../sandbox/limits.ts';
import type { Blobs } from './blobs.ts';
import { type FileRecord, FileRecords, type Made } from './records.ts';

export interface ContainerSettings {
  readonly name: string;
  /** Minutes after its last use at which it expires. */
  readonly minutes: number;
  /** As asked for; what Python really gets is the child's own limit. */
  readonly memoryLimit: string;
}

export interface ContainerParts {
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly startPython: StartPython;
  /** Seconds that one piece of code may run. */
  readonly runSeconds: number;
  /** What Python can hold of files. */
  readonly limits: Pick<Limits, 'fileBytes' | 'files'>;
  /** Makes room for one more living Python, or throws. */
  readonly beforeStart: (container: Container) => Promise<void>;
}

/** What a piece of code came to, with its files already kept. */
export interface ContainerOutcome extends Omit<Made, 'remark'> {
  readonly end: PythonEnd;
  readonly logs: string;
  /** Sentences for the user that Python did not print. */
  readonly remarks: readonly string[];
}

const AFTER_DEATH = 'Python was started anew: the variables of earlier runs are gone, the files are there.';
const AFTER_SLEEP =
  'This container had been put to sleep to make room for others: the variables of earlier runs are gone, the files are there.';

/** Pythons that are started for one use, where each one ends or does not answer. */
const MOST_STARTS = 2;

/** A place where code runs: its files, and one Python that is started when first needed. */
export class Container {
  readonly id = newId('cntr_');
  readonly settings: ContainerSettings;
  readonly createdAt: number;
  readonly files: FileRecords;
  readonly #parts: ContainerParts;
  #lastActiveAt: number;
  #closed = false;
  #busy = 0;
  #uploading: Promise<unknown> = Promise.resolve();
  #python: Promise<Python> | undefined;
  /** Whether code ran in the Python that is gone or alive: only then variables can have been lost. */
  #hasRun = false;
  #lost: string | undefined;
  /** Names of files that Python could not be given when it started. */
  #missing: readonly string[] = [];

  constructor(settings: ContainerSettings, parts: ContainerParts) {
    this.settings = settings;
    this.#parts = parts;
    this.files = new FileRecords(parts.blobs, parts.clock);
    this.createdAt = this.#lastActiveAt = parts.clock();
  }

  /** ms since the epoch. */
  get lastActiveAt(): number {
    return this.#lastActiveAt;
  }

  get busy(): boolean {
    return this.#busy > 0;
  }

  /** Whether a Python is there or being started. */
  get awake(): boolean {
    return this.#python !== undefined;
  }

  get expired(): boolean {
    if (this.#closed) return true;
    return !this.busy && this.#parts.clock() - this.#lastActiveAt >= this.settings.minutes * 60_000;
  }

  /**
   * Marks a use, which renews its life.
   *
   * @throws ApiError 400 where it has expired, in the hosted service's words
   */
  use(): this {
    if (this.expired) throw new ApiError(400, 'Container is expired.');
    this.#lastActiveAt = this.#parts.clock();
    return this;
  }

  /** Keeps an upload and shows it to a living Python. */
  async upload(name: string, bytes: Uint8Array, origin?: string): Promise<FileRecord> {
    this.use();
    // One after the other: two at once must not both count on the same room, or the same name.
    const turn = this.#uploading.then(() => this.#upload(name, bytes, origin));
    this.#uploading = turn.catch(() => undefined);
    return await turn;
  }

  async #upload(name: string, bytes: Uint8Array, origin: string | undefined): Promise<FileRecord> {
    return await this.#working(async () => {
      // Kept beyond what Python can hold, it would be in the way of every later start.
      const tooBig = this.files.size + bytes.length > this.#parts.limits.fileBytes;
      if (tooBig || this.files.count >= this.#parts.limits.files) {
        const what = tooBig ? 'would take more space than it has' : 'are as many as there may be';
        throw new ApiError(413, `The files of this container ${what}. Delete some of them.`, {
          code: 'request_too_large',
        });
      }
      const record = await this.files.addUpload(name, bytes, origin);
      try {
        await this.#tell((python) => python.putFile({ path: record.path, bytes }));
      } catch (error) {
        await this.files.remove(record);
        throw new ApiError(422, error instanceof Error ? error.message : 'Python could not keep the file.', {
          code: 'file_not_processable',
        });
      }
      return record;
    });
  }

  async remove(record: FileRecord): Promise<void> {
    await this.#working(async () => {
      const shown = !record.figure && this.files.at(record.path)?.id === record.id;
      await this.files.remove(record);
      if (shown) await this.#tell((python) => python.removeFile(record.path));
    });
  }

  /** Starts Python while something else is still to be done; fulfilled when it is there, or failed, which shows at the run. */
  async warm(): Promise<void> {
    const start = this.#python ?? this.#working(() => this.#living());
    await start.catch(() => undefined);
  }

  async isProgram(text: string): Promise<boolean> {
    this.use();
    return await this.#working(async () => {
      const python = await this.#living();
      try {
        return await python.isProgram(text);
      } catch (error) {
        if (python.alive) throw error;
        // Earlier code broke what judges; another Python has all of it.
        return await (await this.#living()).isProgram(text);
      }
    });
  }

  /**
   * Runs code and keeps what it made.
   *
   * @throws ApiError 400 where the container has expired, 429 where too many run, 503 where Python cannot be had
   */
  async run(code: string, signal: AbortSignal): Promise<ContainerOutcome> {
    this.use();
    return await this.#working(async () => {
      const python = await this.#living();
      const lost = this.#lost;
      this.#lost = undefined;
      this.#hasRun = true;
      const outcome = await python.run(code, { signal, timeoutSeconds: this.#parts.runSeconds });
      const missing =
        this.#missing.length === 0
          ? undefined
          : `Python could not be given these files: ${this.#missing.slice(0, 20).join(', ')}.`;
      this.#missing = [];
      // Deleted while the code ran: there is nothing left to keep files in.
      const nothing: Made = { figures: [], written: [], remark: undefined };
      const { remark, ...made } = this.#closed ? nothing : await this.files.keepMade(outcome);
      const remarks = [lost, missing, outcome.remark, remark].filter((told) => told !== undefined);
      return { end: outcome.end, logs: outcome.logs, ...made, remarks };
    });
  }

  /** Ends its Python to make room; the files stay. */
  async sleep(): Promise<void> {
    if (this.#hasRun) this.#lost = AFTER_SLEEP;
    await this.#end();
  }

  /** Ends it for good: its Python and its files go. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
    await this.files.clear();
  }

  /** Tells a living Python of a change to the files; one that is not there reads them when it starts. */
  async #tell(change: (python: Python) => Promise<void>): Promise<void> {
    const python = await this.#python?.catch(() => undefined);
    if (!python?.alive) return;
    try {
      await change(python);
    } catch (error) {
      if (python.alive) throw error;
    }
  }

  async #end(): Promise<void> {
    const python = this.#python;
    this.#python = undefined;
    this.#hasRun = false;
    // One that never started needs no ending.
    await python?.then(
      (living) => living.close(),
      () => undefined,
    );
  }

  async #working<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
      if (!this.#closed) this.#lastActiveAt = this.#parts.clock();
    }
  }

  /** Its Python; another one, with the files put back, where there is none or it died. */
  async #living(): Promise<Python> {
    for (let begun = 0; ; ) {
      // Deleted while its Python started: another one would be nobody's, and never end.
      if (this.#closed) throw new ApiError(400, 'Container is expired.');
      if (this.#python === undefined) begun += 1;
      if (begun > MOST_STARTS) throw unavailable('it does not answer.');
      const started = this.#python ?? this.#begin();
      const python = await started;
      if (python.alive && (await python.answers()) && !this.#closed) return python;
      if (this.#python !== started) continue;
      if (this.#hasRun) this.#lost = AFTER_DEATH;
      this.#python = undefined;
      this.#hasRun = false;
    }
  }

  #begin(): Promise<Python> {
    this.#python = this.#start();
    return this.#python;
  }

  async #start(): Promise<Python> {
    let python: Python | undefined;
    try {
      await this.#parts.beforeStart(this);
      python = await this.#parts.startPython();
      const missing: string[] = [];
      for (const record of this.files.list()) {
        if (record.figure) continue;
        try {
          await python.putFile({ path: record.path, bytes: await this.files.bytes(record) });
        } catch (error) {
          if (!python.alive) throw error;
          // One that was deleted meanwhile is not missing.
          if (this.files.find(record.id)) missing.push(baseName(record.path));
        }
      }
      this.#missing = missing;
      return python;
    } catch (error) {
      this.#python = undefined;
      await python?.close();
      if (error instanceof ApiError) throw error;
      throw unavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

function unavailable(why: string): ApiError {
  return new ApiError(503, `The local Python could not start: ${why}`, { code: 'local_python_unavailable' });
}
