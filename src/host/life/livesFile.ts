import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ContainerLife, endOf, laterOf } from '../../core/containerLife.ts';
import { arrayField, numberField, parseJson, stringField } from '../../core/json.ts';
import type { LivesStore } from './containerLives.ts';

/** ms after its end for which a container is remembered: as long as somebody may look for it in the tree. */
const REMEMBERED = 24 * 60 * 60_000;
/** Containers that are remembered at most, those used last. */
const MOST = 500;

/** Lives of containers in a small file that all windows share. */
export class LivesFile implements LivesStore {
  readonly #file: string;

  /** @param file its path; made when something is written */
  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<readonly ContainerLife[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    // What cannot be understood was written by no version of ours, or is half a file: the clocks begin anew.
    return (arrayField(parseJson(text), 'lives') ?? []).flatMap((value) => parseLife(value) ?? []);
  }

  async write(lives: readonly ContainerLife[]): Promise<void> {
    const all = new Map((await this.read()).map((life) => [life.containerId, life]));
    for (const life of lives) {
      const known = all.get(life.containerId);
      all.set(life.containerId, known ? laterOf(known, life) : life);
    }
    const now = Date.now();
    const kept = [...all.values()]
      .filter((life) => now - endOf(life) < REMEMBERED)
      .sort((a, b) => b.usedAt - a.usedAt)
      .slice(0, MOST);
    await mkdir(path.dirname(this.#file), { recursive: true });
    // Whoever reads at this moment finds the old file or the new one, whole.
    const written = `${this.#file}.${randomUUID()}`;
    await writeFile(written, JSON.stringify({ version: 1, lives: kept }));
    await rename(written, this.#file);
  }
}

function parseLife(value: unknown): ContainerLife | undefined {
  const containerId = stringField(value, 'containerId');
  const usedAt = numberField(value, 'usedAt');
  const lifeMinutes = numberField(value, 'lifeMinutes');
  const title = stringField(value, 'title');
  if (!containerId || usedAt === undefined || lifeMinutes === undefined || title === undefined)
    return undefined;
  return { containerId, usedAt, lifeMinutes, title };
}
