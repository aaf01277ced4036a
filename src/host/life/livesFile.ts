import { type ContainerLife, endOf, laterOf } from '../../core/containerLife.ts';
import { arrayField, numberField, stringField } from '../../core/json.ts';
import { StoredJson } from '../saving/storedJson.ts';
import type { LivesStore } from './containerLives.ts';

/** ms after its end for which a container is remembered: as long as somebody may look for it in the tree. */
const REMEMBERED = 24 * 60 * 60_000;
/** Containers that are remembered at most, those used last. */
const MOST = 500;

interface Lives {
  readonly version: 1;
  readonly lives: readonly ContainerLife[];
}

/** Lives of containers in a small file that all windows share. */
export class LivesFile implements LivesStore {
  readonly #stored: StoredJson<Lives>;

  /** @param file its path; made when something is written */
  constructor(file: string) {
    this.#stored = new StoredJson(file, parseLives, { version: 1, lives: [] });
  }

  async read(): Promise<readonly ContainerLife[]> {
    return (await this.#stored.read()).lives;
  }

  async write(lives: readonly ContainerLife[]): Promise<void> {
    await this.#stored.update((stored) => {
      const all = new Map(stored.lives.map((life) => [life.containerId, life]));
      for (const life of lives) {
        const known = all.get(life.containerId);
        all.set(life.containerId, known ? laterOf(known, life) : life);
      }
      const now = Date.now();
      const kept = [...all.values()]
        .filter((life) => now - endOf(life) < REMEMBERED)
        .sort((a, b) => b.usedAt - a.usedAt)
        .slice(0, MOST);
      return { version: 1, lives: kept };
    });
  }
}

function parseLives(value: unknown): Lives | undefined {
  if (numberField(value, 'version') !== 1) return undefined;
  return { version: 1, lives: (arrayField(value, 'lives') ?? []).flatMap((life) => parseLife(life) ?? []) };
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
