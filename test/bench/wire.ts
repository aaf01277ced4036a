import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createParser } from 'eventsource-parser';
import OpenAI from 'openai';
import { numberField } from '../../src/core/json.ts';
import { parseEvent } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState } from '../../src/core/runState.ts';
import { readEvents } from '../../src/gateway/runs/stream.ts';
import { type Bench, type Row, Samples, type Side, spread, timed } from '../support/bench.ts';
import { parseJson } from '../support/json.ts';
import { nodePath, root } from '../support/tools.ts';

const EVENTS = 20_000;
const CHUNKS = [64, 1024, 64 * 1024] as const;
const KIB = 1024;
const MIB = 1024 * KIB;
const BIG_FILE = 1024 * MIB;
/** Saved before, so that what is loaded and compiled once does not count. */
const FIRST_FILE = 64 * MIB;
/** Events over which the cost of one delta is measured. */
const DELTAS = 4_000;

const client = (chunk: number) => `${EVENTS} events, pieces of ${size(chunk)}: openai client's stream`;
const parser = (chunk: number) =>
  `${EVENTS} events, pieces of ${size(chunk)}: eventsource-parser + JSON.parse`;
const LARGE = 28;
const large = `one event of ${LARGE} MiB: one of 1 MiB, the mean of ${LARGE}`;
const code = `${DELTAS} deltas of code behind 100 KB: behind 10 KB`;
const text = `${DELTAS} deltas of text behind 100 KB: behind 10 KB`;
const saved = 'a file of 1 GiB saved: curl';
const growth = 'memory while 1 GiB is saved, beyond that before';
const UNCOUNTED = 3;
/** A gibibyte is not moved more often than this. */
const MOST_SAVES = 5;
const QUIET = { env: { ...process.env, NODE_NO_WARNINGS: '1' } };

export const bench: Bench = {
  description: 'The wire: bytes to run state, and files to disk; the peer of each row is named in it.',
  runs: 9,
  async measure(runs, tell) {
    const samples = new Samples();
    // Four times as fast as the client, three quarters as fast as the parser alone.
    for (const chunk of CHUNKS) samples.row(client(chunk), 'ms', { goalRatio: 1 / 4 });
    for (const chunk of CHUNKS) {
      samples.row(parser(chunk), 'ms', chunk === KIB ? { goalRatio: 1 / 0.75 } : {});
    }
    samples.row(large, 'ms', { goalRatio: 32 });
    samples.row(code, 'ms', { goalRatio: 1.3 });
    samples.row(text, 'ms', { goalRatio: 1.3 });
    samples.row(saved, 'ms', { goalRatio: 1 / 0.7 });
    samples.row(growth, 'MB', { goal: (32 * MIB) / 1e6 });
    tell(`The first ${UNCOUNTED} rounds do not count: code is compiled, and compiled better.`);
    for (let done = 0; done < UNCOUNTED; done++) await round(new Discarded());
    for (let done = 1; done <= runs; done++) {
      tell(`Round ${done} of ${runs}`);
      await round(samples);
    }
    tell('1 GiB, saved by us and by curl');
    await saveBigFile(Math.min(runs, MOST_SAVES), samples);
    const rows = samples.rows();
    return { ours: 'this client', peer: 'peer', facts: speeds(rows), rows };
  },
};

/** Events a second of each side, by the size of pieces. */
function speeds(rows: readonly Row[]): Record<string, string> {
  const speed = (name: string, side: Side): string => {
    const ms = spread(rows.find((row) => row.name === name)?.[side] ?? [])?.median;
    return ms === undefined ? 'unknown' : Math.round((EVENTS / ms) * 1000).toLocaleString('en');
  };
  const told = CHUNKS.map((chunk) => {
    const [ours, theirs, bare] = [
      speed(client(chunk), 'ours'),
      speed(client(chunk), 'peer'),
      speed(parser(chunk), 'peer'),
    ];
    return [`events/s, pieces of ${size(chunk)}`, `${ours} (openai ${theirs}, bare parser ${bare})`] as const;
  });
  return Object.fromEntries(told);
}

class Discarded extends Samples {
  override add(): void {}
}

async function round(samples: Samples): Promise<void> {
  const bytes = streamOf(makeEvents());
  for (const chunk of CHUNKS) {
    const ours = await timed(() => runState(bytes, chunk));
    samples.add(client(chunk), 'ours', ours);
    samples.add(client(chunk), 'peer', await timed(() => openaiStream(bytes, chunk)));
    samples.add(parser(chunk), 'ours', ours);
    samples.add(parser(chunk), 'peer', await timed(() => bareParser(bytes, chunk)));
  }
  const [big, small] = [imageEvent(LARGE * MIB), imageEvent(MIB)];
  samples.add(large, 'ours', await timed(() => runState(big, 64 * KIB)));
  // As many bytes on both sides: what is swept up behind small events is part of their cost too.
  const smallOnes = async () => {
    for (let done = 0; done < LARGE; done++) await runState(small, 64 * KIB);
  };
  samples.add(large, 'peer', (await timed(smallOnes)) / LARGE);
  for (const [name, type] of [
    [code, 'response.code_interpreter_call_code.delta'],
    [text, 'response.output_text.delta'],
  ] as const) {
    samples.add(name, 'ours', deltaCost(type, 100_000));
    samples.add(name, 'peer', deltaCost(type, 10_000));
  }
}

function size(bytes: number): string {
  return bytes < KIB ? `${bytes} B` : `${bytes / KIB} KiB`;
}

type Json = Record<string, unknown>;

/** A run that writes code for half of its events and text for the other half. */
function makeEvents(): Json[] {
  const events: Json[] = [];
  const add = (type: string, rest: Json) => events.push({ type, sequence_number: events.length, ...rest });
  const response = { id: 'resp_1', object: 'response', status: 'in_progress', output: [], model: 'm' };
  add('response.created', { response });
  const ci = { output_index: 0, item_id: 'ci_1' };
  const call = { id: 'ci_1', type: 'code_interpreter_call', container_id: 'cntr_1', outputs: null };
  add('response.output_item.added', { ...ci, item: { ...call, status: 'in_progress', code: '' } });
  const half = EVENTS / 2;
  const written = deltas(half);
  for (const delta of written) add('response.code_interpreter_call_code.delta', { ...ci, delta });
  add('response.code_interpreter_call_code.done', { ...ci, code: written.join('') });
  const done = { ...call, status: 'completed', code: written.join('') };
  add('response.output_item.done', { ...ci, item: done });
  const at = { output_index: 1, item_id: 'msg_1', content_index: 0 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant' };
  add('response.output_item.added', { ...at, item: { ...message, status: 'in_progress', content: [] } });
  add('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
  for (const delta of written) add('response.output_text.delta', { ...at, delta, logprobs: [] });
  const part = { type: 'output_text', text: written.join(''), annotations: [] };
  add('response.output_text.done', { ...at, text: part.text, logprobs: [] });
  add('response.content_part.done', { ...at, part });
  const answered = { ...message, status: 'completed', content: [part] };
  add('response.output_item.done', { ...at, item: answered });
  add('response.completed', { response: { ...response, status: 'completed', output: [done, answered] } });
  return events;
}

function deltas(count: number): string[] {
  return Array.from({ length: count }, (_, place) => ` piece_${place % 97}`);
}

function streamOf(events: readonly Json[]): Uint8Array {
  const lines = events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`);
  return new TextEncoder().encode(lines.join(''));
}

function imageEvent(bytes: number): Uint8Array {
  const image = { type: 'image', url: `data:image/png;base64,${'A'.repeat(bytes)}` };
  const item = { id: 'ci_1', type: 'code_interpreter_call', status: 'completed', code: '', outputs: [image] };
  return streamOf([{ type: 'response.output_item.done', output_index: 0, item }]);
}

function* pieces(bytes: Uint8Array, chunk: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

async function runState(bytes: Uint8Array, chunk: number): Promise<RunState> {
  let state = initialRun;
  let clock = 0;
  for await (const batch of readEvents(arriving(bytes, chunk))) {
    for (const event of batch) state = reduceRun(state, event, ++clock);
  }
  return state;
}

/** All get the bytes in the same way, as they come from a socket: one piece after the other, each waited for. */
async function* arriving(bytes: Uint8Array, chunk: number): AsyncGenerator<Uint8Array> {
  yield* pieces(bytes, chunk);
}

async function openaiStream(bytes: Uint8Array, chunk: number): Promise<void> {
  const fetch = async () => {
    return new Response(bodyOf(bytes, chunk), { headers: { 'content-type': 'text/event-stream' } });
  };
  const openai = new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1/v1', fetch, maxRetries: 0 });
  const stream = openai.responses.stream({ model: 'm', input: 'x' });
  for await (const event of stream) if (event.type === 'error') throw new Error(event.message);
  const final = await stream.finalResponse();
  if (final.output.length !== 2) throw new Error('the client did not read the stream');
}

function bodyOf(bytes: Uint8Array, chunk: number): ReadableStream<Uint8Array> {
  const left = pieces(bytes, chunk);
  return new ReadableStream({
    pull(controller) {
      const { done, value } = left.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

async function bareParser(bytes: Uint8Array, chunk: number): Promise<void> {
  let count = 0;
  const decoder = new TextDecoder();
  const sse = createParser({
    onEvent: ({ data }) => {
      JSON.parse(data);
      count++;
    },
  });
  for await (const piece of arriving(bytes, chunk)) sse.feed(decoder.decode(piece, { stream: true }));
  if (count < EVENTS) throw new Error('the parser did not read the stream');
}

/** ms that a number of deltas take in a run that holds `held` characters already. */
function deltaCost(type: string, held: number): number {
  let state = initialRun;
  const event = (delta: string) => {
    const parsed = parseEvent({ type, output_index: 0, item_id: 'i', content_index: 0, delta });
    if (parsed === undefined) throw new Error('not an event');
    return parsed;
  };
  state = reduceRun(state, event('x'.repeat(held)), 0);
  const events = deltas(DELTAS).map(event);
  const start = performance.now();
  for (const [at, delta] of events.entries()) state = reduceRun(state, delta, at);
  return performance.now() - start;
}

const SERVER = `
const { createServer } = require('node:http');
const piece = Buffer.alloc(${256 * KIB}, 'a file ');
createServer((request, response) => {
  let left = request.url.includes('first') ? ${FIRST_FILE} : ${BIG_FILE};
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': left });
  const send = () => {
    while (left > 0) {
      left -= piece.length;
      if (!response.write(piece)) return response.once('drain', send);
    }
    response.end();
  };
  send();
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

async function saveBigFile(runs: number, samples: Samples): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'code-interpreter-bench-'));
  const server = spawn(nodePath(), ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const run = promisify(execFile);
  try {
    const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    const baseUrl = `http://127.0.0.1:${line}`;
    const program = path.join(root, 'test', 'support', 'benchSave.ts');
    for (let done = 0; done < runs; done++) {
      const { stdout } = await run(nodePath(), [program, baseUrl, folder, 'first', 'big'], QUIET);
      const told = parseJson(stdout);
      samples.add(saved, 'ours', numberField(told, 'ms') ?? Number.NaN);
      samples.add(growth, 'ours', numberField(told, 'growth') ?? Number.NaN);
      const file = path.join(folder, 'curl.bin');
      const curl = timed(() => run('curl', ['-sS', '-o', file, `${baseUrl}/big.bin`]));
      samples.add(saved, 'peer', ...(await curl.then((ms) => [ms], withoutCurl)));
      // Each writes to a new file.
      for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
    }
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function withoutCurl(error: NodeJS.ErrnoException): number[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
