// Runs one benchmark and prints what came of it; started by scripts/bench.mjs with one JSON argument.
import { loadavg } from 'node:os';
import path from 'node:path';
import { numberField, stringField } from '../../src/core/json.ts';
import type { Bench } from './bench.ts';
import { asJson, asText } from './benchReport.ts';
import { isRecord, parseJson } from './json.ts';
import { root } from './tools.ts';

const order = parseJson(process.argv[2] ?? '{}');
const name = stringField(order, 'name') ?? '';
const json = isRecord(order) && order['json'] === true;

const { bench } = (await import(path.join(root, 'test', 'bench', `${name}.ts`))) as { bench: Bench };
const tell = (line: string): void => void process.stderr.write(`${line}\n`);
tell(bench.description);
const before = loadavg()[0] ?? 0;
const runs = numberField(order, 'runs') ?? bench.runs;
const report = await bench.measure(runs, tell);
const circumstances = { runs, before };
process.stdout.write(json ? `${asJson(name, report, circumstances)}\n` : asText(report, circumstances));
