/** How a benchmark's report is shown: a table for people, one JSON object for programs. */
import { availableParallelism, cpus } from 'node:os';
import { type Report, type Row, type Spread, spread, type Unit } from './bench.ts';

export interface Circumstances {
  /** Repetitions. */
  readonly runs: number;
  /** Load of the machine before it began: others at work make every figure worse. */
  readonly before: number;
}

interface Result {
  readonly ours: Spread | undefined;
  readonly peer: Spread | undefined;
  /** Median by median. */
  readonly ratio: number | undefined;
  readonly passed: boolean | undefined;
}

function resultOf(row: Row): Result {
  const ours = spread(row.ours);
  const peer = spread(row.peer);
  const ratio = ours && peer && peer.median > 0 ? ours.median / peer.median : undefined;
  const checks = [isWithin(ours?.median, row.goal), isWithin(ratio, row.goalRatio)];
  const known = checks.filter((check) => check !== undefined);
  return { ours, peer, ratio, passed: known.length === 0 ? undefined : known.every(Boolean) };
}

function isWithin(value: number | undefined, goal: number | undefined): boolean | undefined {
  return value === undefined || goal === undefined ? undefined : value <= goal;
}

function machine({ runs, before }: Circumstances): Record<string, string | number> {
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`,
    'load before': before.toFixed(2),
    repetitions: runs,
  };
}

export function asJson(name: string, report: Report, circumstances: Circumstances): string {
  const rows = report.rows.map((row) => ({ ...row, result: resultOf(row) }));
  const { ours, peer } = report;
  return JSON.stringify({
    bench: name,
    ours,
    peer,
    facts: { ...machine(circumstances), ...report.facts },
    rows,
  });
}

export function asText(report: Report, circumstances: Circumstances): string {
  const facts = Object.entries({ ...machine(circumstances), ...report.facts });
  const lines = facts.map(([name, value]) => `${name}: ${value}`);
  const table = [
    ['', report.ours, report.peer, 'ratio', 'goal', ''],
    ...report.rows.map((row) => {
      const { ours, peer, ratio, passed } = resultOf(row);
      return [
        row.name,
        show(ours, row.unit),
        show(peer, row.unit),
        ratio === undefined ? '' : `${round(ratio)}x`,
        goalText(row),
        passed === undefined ? '' : passed ? 'pass' : 'MISS',
      ];
    }),
  ];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const aligned = table.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  const title = 'Median (least to most of all repetitions); ratio of the medians.';
  return `${[...lines, '', title, ...aligned.map((row) => row.join('   ').trimEnd())].join('\n')}\n`;
}

function goalText({ goal, goalRatio, unit }: Row): string {
  const parts = [
    goal === undefined ? '' : `${round(goal)} ${unit}`,
    goalRatio === undefined ? '' : `${round(goalRatio)}x`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `at most ${parts.join(', ')}`;
}

function show(found: Spread | undefined, unit: Unit): string {
  if (found === undefined) return '–';
  const { median, least, most } = found;
  return `${round(median)} ${unit} (${round(least)} to ${round(most)})`;
}

function round(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
