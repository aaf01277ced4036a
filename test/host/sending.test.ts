import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { completed, created, ScriptedGateway, stream } from '../support/scriptedGateway.ts';
import { SessionUnderTest } from '../support/sessionUnderTest.ts';

describe('files of a message', () => {
  let gateway: ScriptedGateway;
  let session: SessionUnderTest;
  beforeEach(async () => {
    gateway = await ScriptedGateway.start();
    session = new SessionUnderTest(gateway.server.url);
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  const answered = (id: string) => stream(created(id), completed(id, `Answer ${id}.`));

  it('are in the list of what was sent, with size, hash, place and time', async () => {
    gateway.runs.push(answered('resp_1'));
    session.attach('sales.csv', 'a,b\n1,2\n', 'file:///sales.csv');
    const before = Date.now();
    await session.ask('How many rows?');
    const [sent, ...more] = session.record.state.sent;
    assert.deepEqual(more, []);
    assert.ok(sent && sent.at >= before && sent.at <= Date.now());
    assert.deepEqual(
      { ...sent, at: 0 },
      {
        name: 'sales.csv',
        size: 8,
        sha256: '492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470',
        at: 0,
        gateway: 'Gateway',
        containerId: 'cntr_1',
        path: '/mnt/data/cntr_1-sales.csv',
        uri: 'file:///sales.csv',
      },
    );
  });

  it('go once into a container where name and content are the same, wherever they come from', async () => {
    gateway.runs.push(answered('resp_1'), answered('resp_2'), answered('resp_3'));
    session.attach('sales.csv', 'a,b\n', 'file:///one/sales.csv');
    await session.ask('One');
    session.attach('sales.csv', 'a,b\n', 'file:///two/sales.csv');
    await session.ask('Two');
    assert.equal(gateway.uploads.length, 1);
    assert.match(String(gateway.asked()[1]?.['input']), /- sales\.csv: \/mnt\/data\/cntr_1-sales\.csv$/);
    session.attach('sales.csv', 'a,b\n3\n', 'file:///two/sales.csv');
    await session.ask('Three');
    assert.equal(gateway.uploads.length, 2);
    assert.equal(session.record.state.sent.length, 2);
  });

  it('that the person leaves out are not sent, and that is said', async () => {
    gateway.runs.push(answered('resp_1'));
    session.mayLeave = (files) => files.filter(({ name }) => name !== '.env');
    session.attach('.env', 'A=1');
    session.attach('sales.csv', 'a,b\n');
    await session.ask('Look at these');
    assert.deepEqual(
      gateway.uploads.map(({ name }) => name),
      ['sales.csv'],
    );
    assert.deepEqual(session.notice('files_left_out'), { kind: 'files_left_out', names: ['.env'] });
    assert.doesNotMatch(JSON.stringify(gateway.asked()), /\.env/);
    assert.deepEqual(session.record.state.attachments, []);
  });

  it('wait for the next message where the person wants nothing sent, and nothing is', async () => {
    session.mayLeave = () => undefined;
    session.attach('.env', 'A=1');
    await session.ask('Look at this');
    assert.equal(session.last.state.status, 'cancelled');
    assert.deepEqual(gateway.sent('POST', ''), []);
    assert.deepEqual(
      session.record.state.attachments.map(({ name }) => name),
      ['.env'],
    );
  });

  it('tell how far they have come, and nothing once they are there', async () => {
    gateway.runs.push(answered('resp_1'));
    session.attach('one.csv', 'a'.repeat(1000));
    session.attach('data/two.csv', 'b'.repeat(2000));
    await session.ask('Compare');
    const told = session.events.flatMap((event) => (event.type === 'run.upload' ? [event.upload] : []));
    assert.deepEqual(told[0], { name: 'one.csv', place: 1, count: 2, sent: 0, size: 1000 });
    assert.ok(told.some((progress) => progress?.name === 'data/two.csv' && progress.place === 2));
    assert.equal(session.last.upload, undefined);
    // A folder in its name stays in what the model reads, not in what the file is called there.
    assert.equal(gateway.uploads[1]?.name, 'data_two.csv');
    assert.match(
      String(gateway.asked()[0]?.['input']),
      /- data\/two\.csv: \/mnt\/data\/cntr_1-data_two\.csv$/,
    );
  });
});
