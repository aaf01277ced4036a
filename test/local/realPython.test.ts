import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import { sandboxParts } from '../support/sandboxParts.ts';
import { childStartedBy, isRunning } from './lockedChildren.ts';
import {
  at,
  INCLUDE,
  type Json,
  KEY,
  list,
  parseEvents,
  type TestGateway,
  TOOL,
  testGateway,
} from './testGateway.ts';

const parts = await sandboxParts();

function realGateway(): Promise<TestGateway> {
  return testGateway({ startPython: () => startPython(parts) });
}

function logsOf(response: Json): string {
  const outputs = list(response, 'output', 0, 'outputs');
  return String(outputs.find((output) => output['type'] === 'logs')?.['logs'] ?? '');
}

function textOf(response: Json): string {
  return String(at(list(response, 'output').at(-1), 'content', 0, 'text'));
}

/** The names cited by an answer, figures as `figure`. */
function cited(response: Json): readonly string[] {
  return list(list(response, 'output').at(-1), 'content', 0, 'annotations').map((one) =>
    String(one['filename']).replace(/^cfile_\w+\.png$/, 'figure'),
  );
}

async function bytesOf(gateway: TestGateway, response: Json, name: string): Promise<Buffer> {
  const cites = list(list(response, 'output').at(-1), 'content', 0, 'annotations');
  const one = cites.find((citation) => citation['filename'] === name);
  const path = `/v1/containers/${one?.['container_id']}/files/${one?.['file_id']}/content`;
  const answer = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${KEY}` } });
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}

const isPng = (bytes: Buffer) => bytes.toString('latin1', 1, 4) === 'PNG';

suite('with real Python', () => {
  test('the four prompts work as written, one after the other in one chain, and a follow-up reads the file', async () => {
    await using gateway = await realGateway();
    const bar = await gateway.run('Generate a bar chart of sales by quarter and save as PNG');
    assert.deepEqual(cited(bar), ['figure', 'sales_by_quarter.png']);
    assert.ok(isPng(await bytesOf(gateway, bar, 'sales_by_quarter.png')));
    assert.match(textOf(bar), /sample data/);
    assert.match(String(at(bar, 'output', 0, 'code')), /# Sample data, made up/);

    const chain = async (prompt: string, before: Json) =>
      await gateway.run(prompt, { previous_response_id: before['id'] });
    const fibonacci = await chain('Calculate the first 20 fibonacci numbers and plot them', bar);
    assert.deepEqual(cited(fibonacci), ['figure', 'fibonacci.png']);
    assert.match(logsOf(fibonacci), /^\[0, 1, 1, 2, 3, 5, 8, .*, 4181\]/);

    const csv = await chain('Create a CSV with sample sales data', fibonacci);
    assert.deepEqual(cited(csv), ['sample_sales.csv']);
    assert.match(
      (await bytesOf(gateway, csv, 'sample_sales.csv')).toString(),
      /^date,region,product,units,unit_price,revenue\r\n2025-01-01,/,
    );

    const plot = await chain('Plot units by region from the CSV', csv);
    assert.deepEqual(cited(plot), ['figure', 'total_units_by_region.png']);
    assert.match(logsOf(plot), /North +\d+/);

    const pie = await chain('Generate a pie chart of market share', plot);
    assert.deepEqual(cited(pie), ['figure', 'market_share.png']);
    const containers = [bar, fibonacci, csv, plot, pie].map((response) =>
      at(response, 'output', 0, 'container_id'),
    );
    assert.equal(new Set(containers).size, 1);
  });

  test('selected rows are drawn, and then drawn otherwise', async () => {
    await using gateway = await realGateway();
    const rows = 'region,product,revenue\nNorth,"A \\ ""b""",10\nSouth,C,30\nWest,C,20\n';
    const first = await gateway.run(`bar chart of revenue by region\n\n\`\`\`csv\n${rows}\`\`\``);
    assert.deepEqual(cited(first), ['figure', 'selection.csv', 'total_revenue_by_region.png']);
    assert.equal((await bytesOf(gateway, first, 'selection.csv')).toString(), rows);
    assert.match(logsOf(first), /South +30\nWest +20\nNorth +10/);

    const next = async (prompt: string, before: Json) =>
      await gateway.run(prompt, { previous_response_id: before['id'] });
    const pie = await next('now as a pie chart, where product is c', first);
    assert.equal(
      logsOf(pie)
        .match(/^\w+ +\d+$/gm)
        ?.join(),
      'South    30,West     20',
    );
    assert.match(textOf(pie), /^Pie chart of total revenue by region, product c/);
    const few = await next('as bars: only the bottom 1', pie);
    assert.equal(
      logsOf(few)
        .match(/^\w+ +\d+$/gm)
        ?.join(),
      'West    20',
    );
    const plain = await gateway.run('pie chart of b by a\n```\na;b\nx;1\ny;2\n```');
    assert.deepEqual(cited(plain), ['figure', 'selection.csv', 'total_b_by_a.png']);
  });

  test('columns with odd names are drawn', async () => {
    await using gateway = await realGateway();
    const header = '"Sales ""net"" (€)",Price $,by store,"it\'s {x}",when';
    const rows = Array.from({ length: 60 }, (_, at) =>
      [
        `"${at * 1000 + 5}"`,
        `"$${1 + (at % 5)},${100 + at}.50"`,
        `Shop ${at % 30}`,
        `a$b$c ${at % 3}`,
        `${1 + (at % 28)}/${1 + (at % 12)}/2025`,
      ].join(','),
    );
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'odd' });
    await gateway.upload(
      `/v1/containers/${container['id']}/files`,
      'odd (1).csv',
      [header, ...rows].join('\n'),
    );
    const tools = [{ ...TOOL, container: container['id'] }];
    for (const [prompt, code] of [
      ['bar chart of `Sales "net" (€)` by by store', /groupby\(key\)\["Sales \\"net\\" \(€\)"\]/],
      ["pie chart of price by `it's {x}`", /parse_math/],
      ['line chart of price over month', /dayfirst=True/],
      ['histogram of price', /currency signs/],
    ] as const) {
      const response = await gateway.run(prompt, { tools });
      assert.match(String(at(response, 'output', 0, 'code')), code);
      assert.match(textOf(response), /from `odd \(1\)\.csv`/, prompt);
      assert.equal(cited(response).length, 2, prompt);
    }
  });

  test('variables live on, tracebacks are logs, and the code is judged by Python', async () => {
    await using gateway = await realGateway();
    const first = await gateway.run('total = 6 * 7');
    const second = await gateway.run('```python\ntotal\n```\nWhat is it?', {
      previous_response_id: first['id'],
    });
    assert.match(logsOf(second), /^42\s*$/);
    assert.match(textOf(second), /words beside the code were not answered/);
    const third = await gateway.run('raise ValueError("told " + str(total))', {
      previous_response_id: first['id'],
    });
    assert.match(logsOf(third), /ValueError: told 42/);
    assert.match(textOf(third), /^The code raised an error/);
    const prose = await gateway.run('Tell me (please): what = love?');
    assert.match(textOf(prose), /No language model is set up/);
  });

  test('a loop ends when its client goes away, and the variables are there', async () => {
    await using gateway = await realGateway();
    const first = await gateway.run('kept = "still here"');
    const leaving = new AbortController();
    const body = {
      model: 'built-in',
      input: 'while True:\n    pass',
      tools: [TOOL],
      include: INCLUDE,
      stream: true,
      previous_response_id: first['id'],
    };
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: leaving.signal,
    });
    let seen = '';
    await assert.rejects(async () => {
      for await (const chunk of answer.body ?? []) {
        seen += Buffer.from(chunk).toString();
        if (seen.includes('call.interpreting') && !leaving.signal.aborted) leaving.abort();
      }
    });
    const after = await gateway.run('print(kept)', { previous_response_id: first['id'] });
    assert.equal(logsOf(after), 'still here\n');
  });

  test('a Python that ends itself leaves the files, and says that the variables are gone', async () => {
    await using gateway = await realGateway();
    const first = await gateway.run(
      'kept = 1\nwith open("/mnt/data/kept.txt", "w") as file:\n    file.write("kept")',
    );
    const second = await gateway.run('import os\nos._exit(3)', { previous_response_id: first['id'] });
    assert.equal(at(second, 'output', 0, 'status'), 'failed');
    const third = await gateway.run('print(open("/mnt/data/kept.txt").read(), "kept" in globals())', {
      previous_response_id: first['id'],
    });
    assert.match(logsOf(third), /^kept False\n\[.*variables of earlier runs are gone/);
  });

  test('a Python that died or hangs while it was idle is replaced before the next run, and that is said', {
    skip: process.platform === 'win32' && 'there are no such signals on Windows',
  }, async () => {
    await using gateway = await realGateway();
    const { started: first, pid } = await childStartedBy(() => gateway.run('kept = 1'));
    process.kill(pid, 'SIGSTOP');
    const next = () => gateway.run('print("kept" in globals())', { previous_response_id: first['id'] });
    const { started: second, pid: other } = await childStartedBy(next);
    const told =
      /^False\n\[Python was started anew: the variables of earlier runs are gone, the files are there\.\]/;
    assert.match(logsOf(second), told);
    assert.ok(!isRunning(pid));
    process.kill(other, 'SIGKILL');
    assert.match(logsOf(await next()), told);
  });

  test('code that breaks what judges programs costs its own variables, and that is said', async () => {
    await using gateway = await realGateway();
    const broken = await gateway.run(
      'import ast\ndef wait(*_, **__):\n    while True: pass\nast.parse = wait\nkept = 1',
    );
    const next = await gateway.run('kept = 6 * 7; print(kept)', { previous_response_id: broken['id'] });
    assert.match(logsOf(next), /^42\n\[Python was started anew: the variables of earlier runs are gone/);
  });

  test('the code is visible before it runs', async () => {
    await using gateway = await realGateway();
    const events = parseEvents(
      await (
        await fetch(`${gateway.url}/v1/responses`, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            model: 'built-in',
            input: '1 + 1',
            tools: [TOOL],
            include: INCLUDE,
            stream: true,
          }),
        })
      ).text(),
    );
    const place = (type: string) => events.findIndex((event) => event['type'] === type);
    assert.ok(
      place('response.code_interpreter_call_code.done') <
        place('response.code_interpreter_call.interpreting'),
    );
    assert.match(logsOf(at(events.at(-1), 'response') as Json), /^2/);
  });
});
