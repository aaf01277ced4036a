/**
 * Attacks on what the gateway takes from the locked child, and on other containers: forged messages, results that are
 * none, another container's secrets, in Python and through HTTP.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import { describeAttacks } from '../support/attacked.ts';
import { assertSound, assertWell } from '../support/attacks.ts';
import { pinnedNode, testedNodes } from '../support/nodes.ts';
import { sandboxParts } from '../support/sandboxParts.ts';
import { channelProbes, forgedPath, runnerProbes } from './attacks/channelProbes.ts';
import { at, list, type TestGateway, testGateway } from './testGateway.ts';

for (const node of testedNodes()) {
  describeAttacks('no message is forged', node, (attacked) => {
    for (const probe of channelProbes) {
      test(probe.name, async () => {
        const { run, bystander } = attacked();
        const { successes, outcome } = await run(probe);
        assert.deepEqual(successes, []);
        assertSound(probe, outcome);
        assert.ok(outcome.end === 'ok' || outcome.end === 'error', outcome.end);
        assert.ok(outcome.written.every(({ path }) => path !== forgedPath && path.isWellFormed()));
        assert.deepEqual([outcome.images, outcome.removed], [[], []]);
        await assertWell(bystander);
      });
    }

    for (const probe of runnerProbes) {
      test(probe.name, async () => {
        const { run, python, bystander } = attacked();
        const { successes, outcome } = await run(probe);
        assert.deepEqual(successes, []);
        assertSound(probe, outcome);
        assert.deepEqual([outcome.images, outcome.written, outcome.removed], [[], [], []]);
        await assertWell(bystander);
        // The code has broken its own runner: whoever owns it starts another one.
        await (await python()).close();
      });
    }

    test('what one Python keeps is not in the memory and not in the files of another', async () => {
      const { python, bystander } = attacked();
      const secret = `kept-${randomBytes(8).toString('hex')}`;
      const put = `secret = '${secret}'\nopen('secret.txt', 'w').write(secret)\nopen('/tmp/secret.txt', 'w').write(secret)`;
      assert.equal((await bystander.run(put, { timeoutSeconds: 10 })).end, 'ok');
      const search = [
        'import ctypes, os, re',
        'from pyodide.ffi import create_proxy',
        'size = create_proxy(bytearray(1)).getBuffer().data.buffer.byteLength - 1024',
        'memory = memoryview((ctypes.c_char * size).from_address(1024))',
        "for found in re.finditer(rb'kept-[0-9a-f]{16}', memory): print(found.group())",
        "for folder, _, names in os.walk('/'):",
        '    for name in names:',
        "        if name == 'secret.txt': print(folder, name)",
        'size > 10 ** 7',
      ].join('\n');
      const outcome = await (await python()).run(search, { timeoutSeconds: 20 });
      assert.equal(outcome.logs, 'True\n');
      // The same search finds it where it is.
      assert.match((await bystander.run(search, { timeoutSeconds: 20 })).logs, new RegExp(secret));
    });
  });
}

describe(`another container through HTTP, on ${pinnedNode().name}`, () => {
  let gateway: TestGateway;
  const containers: string[] = [];
  before(async () => {
    const parts = { ...(await sandboxParts()), osSandbox: false };
    gateway = await testGateway({ startPython: () => startPython(parts) });
    for (const name of ['one', 'two']) {
      containers.push(String((await gateway.ask('POST', '/v1/containers', { name })).body['id']));
    }
  });
  after(() => gateway[Symbol.asyncDispose]());

  async function run(code: string, container = 0): Promise<string> {
    const tools = [{ type: 'code_interpreter', container: containers[container] }];
    const body = await gateway.run(code, { tools });
    const calls = list(body, 'output').filter((item) => item['type'] === 'code_interpreter_call');
    return calls.flatMap((call) => list(call, 'outputs').map((output) => String(output['logs']))).join('');
  }

  test('its variables and its files are not there', async () => {
    assert.match(
      await run(
        "import os\nopen('/mnt/data/own.txt', 'w').write('the first one')\nword = 'the first one'\nword",
      ),
      /the first one/,
    );
    assert.match(await run('print(word)', 1), /NameError/);
    assert.match(await run("open('/mnt/data/own.txt').read()", 1), /FileNotFoundError/);
    const [file] = list((await gateway.ask('GET', `/v1/containers/${containers[0]}/files`)).body, 'data');
    assert.ok(file);
    for (const path of [`files/${file['id']}`, `files/${file['id']}/content`]) {
      const { status, body } = await gateway.ask('GET', `/v1/containers/${containers[1]}/${path}`);
      assert.equal(status, 404, JSON.stringify(body));
    }
    assert.deepEqual(
      list((await gateway.ask('GET', `/v1/containers/${containers[1]}/files`)).body, 'data'),
      [],
    );
  });

  test('it goes on when this one dies', async () => {
    await run('import os\nos._exit(1)', 1);
    assert.match(await run('print(word)'), /the first one/);
    assert.equal(at((await gateway.ask('GET', `/v1/containers/${containers[1]}`)).body, 'status'), 'running');
  });
});
