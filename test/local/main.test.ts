import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { suite, test } from 'node:test';

const MAIN = path.resolve(import.meta.dirname, '../../src/local/main.ts');

interface Started {
  readonly child: ChildProcess;
  readonly said: { readonly url: string; readonly key: string };
  readonly errors: () => string;
}

async function start(args: readonly string[], env: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, said: JSON.parse(line), errors: () => errors };
  }
  throw new Error(`It said nothing on stdout: ${errors}`);
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  return child.exitCode ?? (await once(child, 'exit'))[0];
}

suite('the program', () => {
  test('says its address and key in one line of JSON, answers, and ends on SIGTERM', async () => {
    const { child, said, errors } = await start([]);
    assert.match(said.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(said.key, /^[0-9a-f]{64}$/);
    const answer = await fetch(`${said.url}/v1/models`, { headers: { authorization: `Bearer ${said.key}` } });
    assert.equal(answer.status, 200);
    child.kill('SIGTERM');
    assert.equal(await exitOf(child), 0);
    assert.ok(!errors().includes(said.key));
  });

  test('ends when its parent closes the pipe', async () => {
    const { child } = await start(['--parent-pipe'], { CODE_INTERPRETER_LOCAL_KEY: 'given' });
    child.stdin?.end();
    assert.equal(await exitOf(child), 0);
  });

  test('takes the key of a test from the environment', async () => {
    const { child, said } = await start([], { CODE_INTERPRETER_LOCAL_KEY: 'given' });
    assert.equal(said.key, 'given');
    child.kill('SIGINT');
    assert.equal(await exitOf(child), 0);
  });

  test('without its Python it serves, and fails runs in plain words', async () => {
    const { child, said } = await start(['--pack', '/nowhere', '--sandbox', '/nowhere/sandbox.js']);
    const answer = await fetch(`${said.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${said.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'built-in',
        input: 'print(1)',
        tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
      }),
    });
    const response = (await answer.json()) as {
      readonly status: string;
      readonly error: { readonly message: string };
    };
    assert.equal(response.status, 'failed');
    assert.match(response.error.message, /^The local Python could not start: /);
    child.kill('SIGTERM');
    assert.equal(await exitOf(child), 0);
  });

  const refused: readonly (readonly string[])[] = [
    ['--port', 'x'],
    ['--port', '70000'],
    ['--unknown'],
    ['--run-seconds', '0'],
  ];
  for (const args of refused) {
    test(`refuses ${args.join(' ')}`, async () => {
      await assert.rejects(start(args), /could not start/);
    });
  }
});
