import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, Samples, type Side, timed } from '../support/bench.ts';
import { beginCode, type CodeAnswer, deleteContainer, makeContainer, runCode } from '../support/codeRun.ts';
import { type LocalGatewayProgram, startLocalGateway } from '../support/localGateway.ts';
import { largestBelow, residentMemory } from '../support/memory.ts';
import { NativePython } from '../support/nativePython.ts';
import { distDir, nativePython } from '../support/tools.ts';

const chart = script('chart');
const table = script('table');
const loop = script('loop');
const endless = 'kept = 1\nwhile True:\n    pass';
const versions = [
  'import platform, numpy, matplotlib, pandas',
  'modules = [f"{module.__name__} {module.__version__}" for module in (numpy, matplotlib, pandas)]',
  'print("CPython", platform.python_version(), *modules)',
].join('\n');

const LATER_CHARTS = 5;
const SHORT_RUNS = 10;
/** ms in which a started loop surely runs. */
const UNDER_WAY = 300;
/** ms after which a gateway has nothing left to do. */
const SETTLED = 1000;

const names = {
  readyCold: 'ready, process not started: until 1 is answered',
  readyWarm: 'ready, running gateway, new container: until 1 is answered',
  chartCold: 'first chart, process not started',
  chartNew: 'first chart, running gateway, new container',
  chartLater: 'later charts in the same container',
  trivial: '1+1',
  table: '200,000-row CSV with pandas: write, read, group',
  loop: 'pure Python loop of 2,000,000 rounds',
  stop: 'stop of a running loop, until the next code is answered',
  idle: 'memory: gateway with no container',
  used: 'memory: gateway after its containers were deleted',
  memory: 'memory: Python after a chart',
} as const;

export const bench: Bench = {
  description:
    'Local gateway, from request to the end of the response, beside native CPython running the same code.',
  runs: 5,
  async measure(runs, tell) {
    distDir();
    nativePython();
    const folder = mkdtempSync(path.join(tmpdir(), 'code-interpreter-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    tell('A first round does not count: files come into memory, native Python compiles what it imports.');
    await round(emptySamples(), folder);
    const facts = await readVersions(folder);
    const samples = emptySamples();
    for (let done = 1; done <= runs; done++) {
      tell(`Round ${done} of ${runs}`);
      await round(samples, folder);
    }
    return { ours: 'local gateway', peer: 'native CPython', facts, rows: samples.rows() };
  },
};

function emptySamples(): Samples {
  const samples = new Samples();
  samples.row(names.readyCold, 'ms');
  samples.row(names.readyWarm, 'ms', { goal: 1500 });
  samples.row(names.chartCold, 'ms', { goal: 3000 });
  samples.row(names.chartNew, 'ms');
  samples.row(names.chartLater, 'ms', { goal: 150 });
  samples.row(names.trivial, 'ms');
  samples.row(names.table, 'ms');
  samples.row(names.loop, 'ms');
  samples.row(names.stop, 'ms', { goal: 200 });
  samples.row(names.idle, 'MB', { goal: 80 });
  samples.row(names.used, 'MB');
  samples.row(names.memory, 'MB');
  return samples;
}

/** A Python that keeps its variables from run to run. */
interface Interpreter {
  run(code: string): Promise<CodeAnswer>;
  /** Begins to run code that does not end; the answer stops it. */
  begin(code: string): Promise<() => void>;
  memory(): readonly number[];
  close(): Promise<void>;
}

async function round(samples: Samples, folder: string): Promise<void> {
  await coldStarts(samples, 'ours', startGatewayWithContainer);
  await coldStarts(samples, 'peer', () => startNative(folder));
  const gateway = await startLocalGateway();
  try {
    await sleep(SETTLED);
    samples.add(names.idle, 'ours', ...residentMemory(gateway.pid));
    await warmRuns(samples, 'ours', () => startContainer(gateway));
    await sleep(SETTLED);
    samples.add(names.used, 'ours', ...residentMemory(gateway.pid));
  } finally {
    await gateway.close();
  }
  await warmRuns(samples, 'peer', () => startNative(folder));
}

async function coldStarts(samples: Samples, side: Side, start: () => Promise<Interpreter>): Promise<void> {
  for (const [name, code] of [
    [names.readyCold, '1'],
    [names.chartCold, chart],
  ] as const) {
    const { took, python } = await startAndRun(start, code);
    await python.close();
    samples.add(name, side, took);
  }
}

async function warmRuns(samples: Samples, side: Side, start: () => Promise<Interpreter>): Promise<void> {
  const ready = await startAndRun(start, '1');
  samples.add(names.readyWarm, side, ready.took);
  await ready.python.close();
  const { took, python } = await startAndRun(start, chart);
  samples.add(names.chartNew, side, took);
  try {
    const measure = async (name: string, code: string): Promise<void> =>
      samples.add(name, side, await timed(() => check(python, code)));
    samples.add(names.memory, side, ...python.memory());
    for (let done = 0; done < LATER_CHARTS; done++) await measure(names.chartLater, chart);
    for (let done = 0; done < SHORT_RUNS; done++) await measure(names.trivial, '1+1');
    await check(python, 'import pandas');
    await measure(names.table, table);
    await measure(names.loop, loop);
    // On Windows the signal for native Python would end it.
    if (side === 'peer' && process.platform === 'win32') return;
    const stop = await python.begin(endless);
    await sleep(UNDER_WAY);
    stop();
    await measure(names.stop, 'kept');
  } finally {
    await python.close();
  }
}

async function startAndRun(
  start: () => Promise<Interpreter>,
  code: string,
): Promise<{ readonly took: number; readonly python: Interpreter }> {
  const started = performance.now();
  const python = await start();
  await check(python, code);
  return { took: performance.now() - started, python };
}

const printed = new Map<string, string>();

/** Runs code, which has to come to the same on both sides. */
async function check(python: Interpreter, code: string): Promise<void> {
  const { logs, figures } = await python.run(code);
  const wanted = printed.get(code) ?? logs;
  printed.set(code, wanted);
  if (logs !== wanted) throw new Error(`not what the other side answered, ${wanted}: ${logs}`);
  if (figures.length !== (code === chart ? 1 : 0)) throw new Error(`${figures.length} figures: ${logs}`);
}

async function startGatewayWithContainer(): Promise<Interpreter> {
  const gateway = await startLocalGateway();
  return { ...(await startContainer(gateway)), close: gateway.close };
}

async function startContainer(gateway: LocalGatewayProgram): Promise<Interpreter> {
  const id = await makeContainer(gateway);
  return {
    run: (code) => runCode(gateway, id, code),
    begin: (code) => beginCode(gateway, id, code),
    memory: () => largestBelow(gateway.pid),
    close: () => deleteContainer(gateway, id),
  };
}

async function startNative(folder: string): Promise<Interpreter> {
  const python = new NativePython(folder);
  return {
    run: (code) => python.run(code),
    begin: async (code) => python.begin(code),
    memory: () => residentMemory(python.pid),
    close: () => python.close(),
  };
}

async function readVersions(folder: string): Promise<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const [name, start] of [
    ['local gateway', startGatewayWithContainer],
    ['native', () => startNative(folder)],
  ] as const) {
    const python = await start();
    facts[name] = (await python.run(versions)).logs.trim();
    await python.close();
  }
  return facts;
}

function script(name: string): string {
  return readFileSync(path.join(import.meta.dirname, `${name}.py`), 'utf8');
}
