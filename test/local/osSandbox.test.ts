/** The operating system's own sandbox: used where it works, told where not, and never taken for one where it lets out. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { spawnChild } from '../../src/local/childProcess.ts';
import { startPython } from '../../src/local/interpreter.ts';
import { heldBytes } from '../../src/local/memoryWatch.ts';
import { findOsSandbox } from '../../src/local/osSandbox.ts';
import { completeLimits } from '../../src/local/sandbox/limits.ts';
import { seatbeltCommand } from '../../src/local/seatbelt.ts';
import { waitFor } from '../support/processes.ts';
import { sandboxParts } from '../support/sandboxParts.ts';
import { isRunning } from './lockedChildren.ts';

const found = await findOsSandbox(process.execPath);
const skip = found.command.length === 0 && `no sandbox of the operating system: ${found.said}`;
const linuxOnly = process.platform !== 'linux' && 'bubblewrap is for Linux';

/** What a plain Node, without any of our locks, prints inside. */
function inside(code: string): string {
  const [program = '', ...args] = found.command;
  return execFileSync(program, [...args, process.execPath, '-e', code], {
    encoding: 'utf8',
    env: {},
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

suite('inside', { skip }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'os-sandbox-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('there is no file of the user, and nothing can be written or started', () => {
    writeFileSync(path.join(folder, 'secret'), 'secret');
    const code = `
      const fs = require('node:fs');
      // Node itself may lie below: the one folder that leads to it is there, and nothing else.
      const others = (folder) => { if (fs.readdirSync(folder).length < 2) throw new Error('empty'); };
      const attempts = {
        read: () => fs.readFileSync(${JSON.stringify(path.join(folder, 'secret'))}),
        list: () => others(${JSON.stringify(path.dirname(folder))}),
        home: () => others(${JSON.stringify(homedir())}),
        passwords: () => fs.readFileSync('/etc/passwd'),
        write: () => fs.writeFileSync(${JSON.stringify(path.join(folder, 'mark'))}, ''),
        writeHere: () => fs.writeFileSync('/mark', ''),
        shell: () => { throw require('node:child_process').spawnSync('/bin/sh', ['-c', 'true']).error; },
      };
      for (const [name, attempt] of Object.entries(attempts)) {
        try { attempt(); console.log('OUT', name); } catch (error) { if (!error) console.log('OUT', name); }
      }
      console.log('end');`;
    assert.equal(inside(code), 'end\n');
  });

  test('there is no other process and no network', { skip: linuxOnly }, () => {
    const code = `
      const { networkInterfaces } = require('node:os');
      const { readdirSync } = require('node:fs');
      const kill = () => { try { process.kill(${process.pid}, 0); return 'seen'; } catch (error) { return error.code; } };
      console.log(JSON.stringify([Object.keys(networkInterfaces()), readdirSync('/proc').filter(Number).length, kill()]));`;
    const [interfaces, processes, kill] = JSON.parse(inside(code));
    assert.deepEqual([interfaces.filter((name: string) => name !== 'lo'), processes, kill], [[], 2, 'ESRCH']);
  });

  test('Python works, and the process that runs it is known, watched and ended', async () => {
    const lines: string[] = [];
    const parts = await sandboxParts();
    const python = await startPython({ ...parts, log: (line) => lines.push(line) });
    assert.equal((await python.run('6 * 7', { timeoutSeconds: 20 })).logs, '42\n');
    await python.close();
    assert.deepEqual(lines, [`sandbox of the operating system: ${found.said}`]);

    const child = await spawnChild(parts, completeLimits());
    const pid = await waitFor(() => child.pid(), { what: 'the process inside', every: 5 });
    // More than a wrapper holds: Node with Python in it.
    await waitFor(async () => ((await heldBytes(pid)) ?? 0) > 100 << 20, { what: 'its memory' });
    child.process.kill('SIGKILL');
    await waitFor(() => !isRunning(pid), { what: 'its end' });
  });

  test('the clock is the user’s', async () => {
    const python = await startPython(await sandboxParts());
    const outcome = await python.run('from datetime import datetime\ndatetime(2026, 7, 1).timestamp()', {
      timeoutSeconds: 20,
    });
    await python.close();
    assert.equal(Number(outcome.logs), new Date(2026, 6, 1).getTime() / 1000);
  });
});

suite('a bubblewrap that does not do its work', { skip: linuxOnly }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'os-sandbox-'));
  const before = process.env['PATH'];
  after(() => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Looks for a sandbox with this script in the place of bwrap; under another name of Node, for one look is kept. */
  async function findWith(name: string, script: string) {
    const node = path.join(folder, name);
    symlinkSync(process.execPath, node);
    writeFileSync(path.join(folder, 'bwrap'), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, 'bwrap'), 0o755);
    process.env['PATH'] = folder;
    process.env['PATH'] = `${folder}:${before}`;
    return await findOsSandbox(node);
  }

  const runs = 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"';

  test('is not used where it may not make namespaces', async () => {
    const sandbox = await findWith(
      'forbidden',
      'echo "bwrap: No permissions to create new namespace" >&2; exit 1',
    );
    assert.deepEqual(sandbox.command, []);
    assert.equal(
      sandbox.said,
      'none: bwrap does not work here: bwrap: No permissions to create new namespace',
    );
  });

  test('is not used where it shuts nothing out', async () => {
    const sandbox = await findWith('open', runs);
    assert.deepEqual(sandbox.command, []);
    assert.equal(sandbox.said, 'none: bwrap does not work here: it leaves open: files network done');
  });

  test('is not used where nothing comes of it', async () => {
    const sandbox = await findWith('silent', 'exit 0');
    assert.deepEqual(sandbox.command, []);
  });
});

test('the profile for macOS names the Node that it is for, whatever its path', () => {
  const [program, flag, profile = ''] = seatbeltCommand('/usr/bin/sandbox-exec', '/odd "path"\\bin/node');
  assert.deepEqual([program, flag], ['/usr/bin/sandbox-exec', '-p']);
  assert.ok(profile.startsWith('(version 1)\n(deny default)\n'));
  assert.ok(profile.includes('(allow process-exec (literal "/odd \\"path\\"\\\\bin/node"))'));
  const bare = profile.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  assert.equal(bare.split('(').length, bare.split(')').length);
  assert.doesNotMatch(profile, /network|file-write|mach/);
  const [, , app = ''] = seatbeltCommand(
    '/usr/bin/sandbox-exec',
    '/Applications/Editor.app/Contents/MacOS/Editor',
  );
  assert.ok(app.includes('(subpath "/Applications/Editor.app")'));
});
