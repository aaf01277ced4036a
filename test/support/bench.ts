/** What every benchmark of test/bench is made of. */

/** A file of test/bench exports one as `bench`. */
export interface Bench {
  /** One sentence: what is measured against what. */
  readonly description: string;
  /** Repetitions where none are asked for. */
  readonly runs: number;
  /** Measures; says on `tell` what it does, for it takes a while. */
  measure(runs: number, tell: (line: string) => void): Promise<Report>;
}

export interface Report {
  /** What is measured, and what it is compared with: headings of the two columns. */
  readonly ours: string;
  readonly peer: string;
  /** Versions and circumstances, by name. */
  readonly facts: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

export type Unit = 'ms' | 'MB' | 'KiB' | 'frames';
export type Side = 'ours' | 'peer';

export interface Goals {
  /** The median of ours should be this or less. */
  readonly goal?: number;
  /** The median of ours, divided by that of the peer, should be this or less. */
  readonly goalRatio?: number;
}

export interface Row extends Goals {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: readonly number[];
  /** The same work done by the peer in the same run; empty where it has no such thing. */
  readonly peer: readonly number[];
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Of no values: undefined. */
export function spread(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const least = sorted[0];
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return undefined;
  const upper = sorted[sorted.length >> 1] ?? most;
  const lower = sorted[(sorted.length - 1) >> 1] ?? least;
  return { median: (lower + upper) / 2, least, most };
}

/** How long work takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The values of rows as they come in; rows stand in the order in which they were first named. */
export class Samples {
  readonly #rows = new Map<string, Row & { ours: number[]; peer: number[] }>();

  row(name: string, unit: Unit, goals: Goals = {}): void {
    this.#rows.set(name, { name, unit, ...goals, ours: [], peer: [] });
  }

  add(name: string, side: Side, ...values: readonly number[]): void {
    const row = this.#rows.get(name);
    if (row === undefined) throw new Error(`there is no row ${name}`);
    row[side].push(...values);
  }

  rows(): readonly Row[] {
    return [...this.#rows.values()];
  }
}
