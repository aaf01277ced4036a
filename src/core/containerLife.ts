/**
 * How long containers live, by our own clock: what the service says of their last use is not to be trusted
 * (wire.md, section 4). All times are ms since the epoch.
 */

/** Minutes that a container lives after its last use, where it does not say (wire.md, section 4). */
export const DEFAULT_LIFE = 20;

/** Minutes before the end at which that is said. */
const WARNED_BEFORE = 5;

const MINUTE = 60_000;

/** A container that was used from here. */
export interface ContainerLife {
  readonly containerId: string;
  /** Our own last use of it. */
  readonly usedAt: number;
  /** Minutes that it lives after its last use; 0 for one that is known to be gone. */
  readonly lifeMinutes: number;
  /** What the session that used it first is called; empty where none did. */
  readonly title: string;
}

export type LifePhase = 'living' | 'ending' | 'ended';

/** When it ends, if nobody uses it. */
export function endOf({ usedAt, lifeMinutes }: ContainerLife): number {
  return usedAt + lifeMinutes * MINUTE;
}

/** From when on its end is near: five minutes before it, or half of a life shorter than ten. */
export function endingFrom(life: ContainerLife): number {
  return endOf(life) - Math.min(WARNED_BEFORE, life.lifeMinutes / 2) * MINUTE;
}

export function phaseAt(life: ContainerLife, now: number): LifePhase {
  if (now >= endOf(life)) return 'ended';
  return now >= endingFrom(life) ? 'ending' : 'living';
}

/** Minutes that are left, begun ones as whole; 0 for none. */
export function minutesLeft(life: ContainerLife, now: number): number {
  return Math.max(0, Math.ceil((endOf(life) - now) / MINUTE));
}

/** The next moment after `now` at which {@link minutesLeft} or {@link phaseAt} gives something else; undefined for never. */
export function nextChange(life: ContainerLife, now: number): number | undefined {
  const left = minutesLeft(life, now);
  if (left === 0) return undefined;
  const minute = endOf(life) - (left - 1) * MINUTE;
  const ending = endingFrom(life);
  return ending > now && ending < minute ? ending : minute;
}

/** What is known of one container from two sides: the later use counts, and a name stays. */
export function laterOf(a: ContainerLife, b: ContainerLife): ContainerLife {
  const later = b.usedAt >= a.usedAt ? b : a;
  return { ...later, title: a.title || b.title };
}

/** Dollars for 20 minutes of a container, by its memory (wire.md, section 6: reported). */
export const PRICES: Readonly<Record<string, number>> = { '1g': 0.03, '4g': 0.12, '16g': 0.48, '64g': 1.92 };

/** What the service gives where nothing else is asked for. */
const USUAL_MEMORY = '1g';

/** Minutes that are paid for at once. */
const SESSION = 20;

/**
 * Dollars that a container may have cost: the price of each 20 minutes begun since it was made. An estimate: what the
 * provider counts and charges is its own. Undefined for a size of memory whose price is not known.
 *
 * @param createdAt when it was made
 * @param until now, or its end where that is past
 */
export function estimatedCost(
  memoryLimit: string | undefined,
  createdAt: number,
  until: number,
): number | undefined {
  const price = PRICES[memoryLimit ?? USUAL_MEMORY];
  if (price === undefined) return undefined;
  return price * Math.max(1, Math.ceil((until - createdAt) / (SESSION * MINUTE)));
}
