import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SendDeclined } from '../../src/host/session/uploader.ts';
import { completed, created, ScriptedGateway, stream } from '../support/scriptedGateway.ts';
import { SessionUnderTest } from '../support/sessionUnderTest.ts';

describe('a container that is rebuilt', () => {
  let gateway: ScriptedGateway;
  let session: SessionUnderTest;
  beforeEach(async () => {
    gateway = await ScriptedGateway.start();
    session = new SessionUnderTest(gateway.server.url);
    gateway.runs.push(stream(created('resp_1'), completed('resp_1', 'Yes.')));
    session.attach('sales.csv', 'a,b\n', 'file:///sales.csv');
    session.attach('notes.txt', 'n', 'file:///notes.txt');
    await session.ask('Is it there?');
    gateway.expire('cntr_1');
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });
  const renew = (stop = new AbortController().signal) => session.runner.renew(stop, () => {});

  it('is a new one with the files that were sent, and the next message goes on in it, told so', async () => {
    const renewed = await renew();
    assert.deepEqual(renewed, {
      kind: 'container_renewed',
      loss: 'expired',
      restored: 2,
      changed: [],
      leftOut: [],
    });
    assert.equal(session.record.state.container?.id, 'cntr_2');
    assert.deepEqual(
      gateway.uploads.slice(2).map(({ containerId, name }) => [containerId, name]),
      [
        ['cntr_2', 'sales.csv'],
        ['cntr_2', 'notes.txt'],
      ],
    );
    gateway.runs.push(stream(created('resp_2'), completed('resp_2', 'Still.')));
    await session.ask('And now?');
    const asked = gateway.asked().at(-1);
    assert.equal(asked?.['previous_response_id'], undefined);
    assert.match(JSON.stringify(asked?.['tools']), /"container":"cntr_2"/);
    assert.match(JSON.stringify(asked?.['input']), /container that was used above is gone/);
    assert.match(JSON.stringify(asked?.['input']), /\/mnt\/data\/cntr_2-sales\.csv/);
    assert.equal(gateway.uploads.length, 4);
  });

  it('lacks what the person does not want to be sent again, and what is gone from the disk and from memory', async () => {
    session.mayLeave = (files) => files.filter(({ name }) => name !== 'notes.txt');
    const { restored, leftOut } = await renew();
    assert.equal(restored, 1);
    assert.deepEqual(leftOut, ['notes.txt']);
  });

  it('is not there where the person gives up, and can be rebuilt later', async () => {
    session.mayLeave = () => undefined;
    await assert.rejects(renew(), SendDeclined);
    session.mayLeave = (files) => files;
    await assert.rejects(renew(AbortSignal.abort(new Error('stopped'))), /stopped/);
    assert.equal((await renew()).restored, 2);
  });

  it('leaves what is attached to the next message where a step of code runs alone', async () => {
    await renew();
    session.attach('later.csv', 'x');
    gateway.runs.push(stream(created('resp_2'), completed('resp_2', 'Ran.')));
    await session.runner.ask('Run again', { input: 'code', forceCode: true, withoutAttachments: true });
    assert.equal(
      gateway.uploads.some(({ name }) => name === 'later.csv'),
      false,
    );
    assert.deepEqual(
      session.record.state.attachments.map(({ name }) => name),
      ['later.csv'],
    );
  });
});
