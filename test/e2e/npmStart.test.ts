import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, it } from 'node:test';
import { freePort, waitFor } from '../support/processes.ts';
import { nodePath, root } from '../support/tools.ts';

const script = path.join(root, 'scripts', 'start.mjs');

describe('npm start', () => {
  it('serves VS Code with the sample folder, and leaves nothing behind', async () => {
    const port = await freePort();
    const child = spawn(nodePath(), [script, '--no-open', '--port', `${port}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr.resume();
    const ended = once(child, 'exit');
    try {
      await waitFor(() => said.includes(`http://127.0.0.1:${port}/`), {
        timeout: 120_000,
        what: 'the address',
      });
      const page = await fetch(`http://127.0.0.1:${port}/`);
      assert.equal(page.status, 200);
      assert.match(page.url, /\?folder=.*sample/);
    } finally {
      child.kill('SIGINT');
      await ended;
    }
    const left = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(`--bind-addr 127.0.0.1:${port} `));
    assert.deepEqual(left, []);
  });

  it('says in one sentence that a port is taken', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      const { code, text } = await fails(['--no-open', '--port', `${port}`]);
      assert.equal(code, 1);
      assert.equal(
        text,
        `✗ Port ${port} on 127.0.0.1 is taken: give another one with --port, or leave it out\n`,
      );
    } finally {
      server.close();
    }
  });

  it('says what it takes when asked for something else', async () => {
    const { code, text } = await fails(['--colour']);
    assert.equal(code, 1);
    assert.match(text, /^✗ Unknown option '--colour'; the form is: npm start -- .*\n$/);
  });
});

async function fails(args: readonly string[]): Promise<{ code: unknown; text: string }> {
  const child = spawn(nodePath(), [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = await once(child, 'close');
  return { code, text };
}
