import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { FaultServer } from '../support/faultServer.ts';
import { isRecord, parseJson } from '../support/json.ts';
import { nodePath, root } from '../support/tools.ts';

const PIECE = Buffer.from(Array.from({ length: 1 << 20 }, (_, place) => (place * 7) % 253));
const program = path.join(root, 'test', 'support', 'saveProgram.ts');

let server: FaultServer;
let folder: string;
/** How many MiB the gateway's file has, and whether the gateway tells that beforehand. */
let file: { readonly pieces: number; readonly announced: boolean };
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'disks-'));
  server = await FaultServer.start();
  server.answer = (_request, response) => void send(response);
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function send(response: ServerResponse): Promise<void> {
  const { pieces, announced } = file;
  response.writeHead(200, announced ? { 'content-length': String(pieces * PIECE.length) } : {});
  const all = function* () {
    for (let sent = 0; sent < pieces; sent++) yield PIECE;
  };
  // Whoever has no room for more hangs up.
  await pipeline(all, response).catch(() => response.destroy());
}

/** Saves the file in a process of its own. @param prepare a shell command before it, in a namespace where it may mount */
async function save(prepare?: string) {
  const run = [nodePath(), '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', program, server.url, folder];
  const [command = '', ...args] =
    prepare === undefined ? run : ['unshare', '-Urm', 'sh', '-ec', `${prepare}; exec "$@"`, 'sh', ...run];
  const { stdout } = await promisify(execFile)(command, args);
  const outcome = parseJson(stdout);
  assert.ok(isRecord(outcome), stdout);
  return outcome;
}

/** Why no disk of one's own can be had here; false where it can. */
function cannotMount(): string | false {
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', tmpdir()], { stdio: 'ignore' });
    return false;
  } catch {
    return 'this system lets nobody mount a disk of his own';
  }
}

it('1 GiB is saved whole, in memory that does not grow with it', {
  skip: process.platform === 'win32',
}, async () => {
  // Long enough to be hashed by a thread of its own too.
  file = { pieces: 32, announced: true };
  const small = await save();
  await rm(path.join(folder, 'big.bin'));
  file = { pieces: 1024, announced: true };
  const large = await save();
  const hash = createHash('sha256');
  for (let piece = 0; piece < 1024; piece++) hash.update(PIECE);
  assert.equal(large['sha256'], hash.digest('hex'));
  assert.equal((await stat(path.join(folder, 'big.bin'))).size, 2 ** 30);
  await rm(path.join(folder, 'big.bin'));
  const grown = Number(large['peak']) - Number(small['peak']);
  assert.ok(grown < 64, `${grown} MB more than for 32 MiB`);
});

describe('a disk', { skip: cannotMount() }, () => {
  const disk = (options: string) => `mount -t tmpfs -o ${options} none "${folder}"`;

  it('that becomes full: said so, and nothing is left behind', async () => {
    file = { pieces: 8, announced: false };
    const outcome = await save(disk('size=2m'));
    assert.equal(outcome['reason'], 'disk_full');
    assert.deepEqual(outcome['left'], []);
  });

  it('that has too little room for what is announced: nothing is fetched', async () => {
    file = { pieces: 512, announced: true };
    const began = server.aborted;
    assert.equal((await save(disk('size=2m')))['reason'], 'disk_full');
    assert.equal(server.aborted, began + 1, 'the connection is closed');
  });

  it('that is read-only', async () => {
    file = { pieces: 1, announced: true };
    assert.equal((await save(disk('ro')))['reason'], 'not_writable');
  });

  it('leaves the folder below it as it was', async () => assert.deepEqual(await readdir(folder), []));
});
