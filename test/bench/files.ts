import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { FileRef } from '../../src/core/citations.ts';
import { comparer } from '../../src/core/fileOrder.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { type SaveTarget, saveContent } from '../../src/gateway/files/download.ts';
import { AT_ONCE, forMany } from '../../src/gateway/files/many.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { Listing } from '../../src/host/containers/listing.ts';
import { rowsOf } from '../../src/host/containers/treeRows.ts';
import { type Bench, Samples, timed } from '../support/bench.ts';
import { hostDelays, LIST_WORK } from '../support/hostDelays.ts';
import { nameOf } from '../support/manyFiles.ts';
import { nodePath, root } from '../support/tools.ts';

const FILES = 10_000;
const PAGE = 100;
const SAVED = 1_000;
/** ms that the server waits before each answer: a gateway in the same country, for no network is between us. */
const LATENCY = 20;
const SIZE = 2048;

const listed = `a list of ${FILES} files, ${PAGE} a page: curl, the same requests on one connection`;
const bare = 'the same with no latency: curl';
const sequential = `${SAVED} files of ${SIZE / 1024} KiB saved: fetched one after the other`;
const copied = `${SAVED} files of ${SIZE / 1024} KiB saved: copied with cp`;
/** Rows that the tree shows at first. */
const FIRST = 500;
const rows = `the first ${FIRST} rows of a folder of ${FILES} files, by size and then by name: in one task`;
const task = (work: string) =>
  `VS Code, a container of ${FILES} files ${work}: longest task of the extension host`;

export const bench: Bench = {
  description:
    'Files of containers at scale: lists, and many files saved; the peer of each row is named in it.',
  runs: 3,
  async measure(runs, tell) {
    const samples = new Samples();
    samples.row(listed, 'ms', { goalRatio: 1.5 });
    samples.row(bare, 'ms');
    samples.row(sequential, 'ms', { goalRatio: 1 / 4 });
    samples.row(copied, 'ms');
    samples.row(rows, 'ms', { goal: 50 });
    for (const work of LIST_WORK) samples.row(task(work), 'ms', { goal: 50 });
    await using far = await Server.start(LATENCY);
    await using near = await Server.start(0);
    tell('A first round does not count: code is compiled.');
    await round(new Discarded(), far, near);
    for (let done = 1; done <= runs; done++) {
      tell(`Round ${done} of ${runs}`);
      await round(samples, far, near);
    }
    tell('In VS Code');
    for (const delays of await hostDelays(FILES, runs)) {
      for (const [place, ms] of delays.entries()) samples.add(task(LIST_WORK[place] ?? ''), 'ours', ms);
    }
    const facts = {
      latency: `${LATENCY} ms, which the server adds to each answer`,
      'files at a time': String(AT_ONCE),
    };
    return { ours: 'this client', peer: 'peer', facts, rows: samples.rows() };
  },
};

class Discarded extends Samples {
  override add(): void {}
}

/** A gateway with many files, in a process of its own, and a client of ours for it. */
class Server implements AsyncDisposable {
  readonly url: string;
  readonly client: GatewayClient;
  readonly #transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
  readonly #end: () => void;

  private constructor(url: string, end: () => void) {
    this.url = url;
    this.client = new GatewayClient({ baseUrl: url, key: undefined }, this.#transport);
    this.#end = end;
  }

  static async start(latency: number): Promise<Server> {
    const program = path.join(root, 'test', 'support', 'manyFilesProgram.ts');
    const options = JSON.stringify({ containers: 1, files: FILES, latency, size: SIZE });
    const args = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', program, options];
    const child = spawn(nodePath(), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new Server(url, () => child.stdin.end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport.close();
    this.#end();
  }
}

async function round(samples: Samples, far: Server, near: Server): Promise<void> {
  for (const [row, server] of [
    [listed, far],
    [bare, near],
  ] as const) {
    samples.add(row, 'ours', await timed(() => list(server)));
    samples.add(row, 'peer', ...(await curl(server)));
  }
  samples.add(rows, 'ours', await timeOfRows(await list(near)));
  const folder = await mkdtemp(path.join(tmpdir(), 'code-interpreter-bench-'));
  try {
    const ours = await timed(async () => {
      const results = await forMany(await filesIn(folder, 'many'), (file) => save(far, file));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    });
    samples.add(sequential, 'ours', ours);
    samples.add(copied, 'ours', ours);
    const one = await filesIn(folder, 'one');
    samples.add(
      sequential,
      'peer',
      await timed(async () => {
        for (const file of one) await save(far, file);
      }),
    );
    const copy = ['-r', path.join(folder, 'many'), path.join(folder, 'copy')];
    const time = timed(() => promisify(execFile)('cp', copy));
    samples.add(copied, 'peer', ...(await time.then((ms) => [ms], withoutProgram)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The list as the tree and the file system have it. */
async function list({ client }: Server): Promise<Listing> {
  const listing = new Listing(() => client.filePages('cntr_0'));
  await listing.load(Number.POSITIVE_INFINITY);
  if (listing.size !== FILES) throw new Error(`${listing.size} files were listed`);
  return listing;
}

/** ms of what the host does in one go to show a list; it runs on the thread that all extensions share. */
async function timeOfRows(listing: Listing): Promise<number> {
  return timed(async () => {
    const { files } = rowsOf(listing.files, '', { sort: 'size', most: FIRST });
    const [first, second] = files;
    if (!first || !second || comparer('size')(first, second) > 0) throw new Error('not sorted');
  });
}

/** All pages, by their addresses, which the ids of these files let us know beforehand. */
async function curl({ url }: Server): Promise<number[]> {
  const pages = Array.from({ length: FILES / PAGE }, (_, n) => {
    const after = n === 0 ? '' : `&after=cfile_${FILES - n * PAGE}`;
    return `${url}/v1/containers/cntr_0/files?limit=${PAGE}${after}`;
  });
  const options = { maxBuffer: 256 * 1024 * 1024 };
  const run = async () => {
    const { stdout } = await promisify(execFile)('curl', ['-sS', ...pages], options);
    if (!stdout.includes('"cfile_0"')) throw new Error('curl did not reach the last page');
  };
  return timed(run).then((ms) => [ms], withoutProgram);
}

interface FileToSave {
  readonly file: FileRef;
  readonly target: SaveTarget;
}

async function save({ client }: Server, { file, target }: FileToSave): Promise<void> {
  await saveContent(await client.fileContent(file), target);
}

async function filesIn(folder: string, name: string): Promise<readonly FileToSave[]> {
  const place = path.join(folder, name);
  await mkdir(place);
  return Array.from({ length: SAVED }, (_, n) => ({
    file: { containerId: 'cntr_0', fileId: `cfile_${n}`, filename: nameOf(n) },
    target: { folder: place, name: nameOf(n), replace: false },
  }));
}

function withoutProgram(error: NodeJS.ErrnoException): number[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
