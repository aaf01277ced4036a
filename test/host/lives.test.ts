import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { ContainerLife } from '../../src/core/containerLife.ts';
import { minutesLeft, phaseAt } from '../../src/core/containerLife.ts';
import { ContainerLives } from '../../src/host/life/containerLives.ts';
import { LivesFile } from '../../src/host/life/livesFile.ts';

const MINUTE = 60_000;

/** A store that remembers what it was given. */
class Memory {
  lives: readonly ContainerLife[] = [];
  read = () => Promise.resolve(this.lives);
  write = (lives: readonly ContainerLife[]) => {
    this.lives = lives;
    return Promise.resolve();
  };
}

describe('the clocks of containers', () => {
  let store: Memory;
  let lives: ContainerLives;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    store = new Memory();
    lives = new ContainerLives(store, (error) => assert.fail(String(error)));
  });
  afterEach(() => mock.timers.reset());

  it('tell of each minute, of the coming end and of the end, and then nothing more', () => {
    const told: string[] = [];
    lives.used('cntr_1', { local: false });
    lives.told('cntr_1', 6);
    lives.onDidChange((id) => {
      const life = lives.get(id);
      assert.ok(life);
      told.push(`${phaseAt(life, Date.now())} ${minutesLeft(life, Date.now())}`);
    });
    for (let second = 0; second < 20 * 60; second++) mock.timers.tick(1000);
    assert.deepEqual(told, [
      'living 6',
      'living 5',
      'living 4',
      'ending 3',
      'ending 2',
      'ending 1',
      'ended 0',
    ]);
  });

  it('begin again with each use, and go on over a reload', async () => {
    lives.used('cntr_1', { title: 'Sales', local: false });
    mock.timers.tick(19 * MINUTE);
    lives.used('cntr_1', { title: 'Renamed', local: false });
    mock.timers.tick(10 * MINUTE);
    await lives.close();
    const reloaded = new ContainerLives(store, (error) => assert.fail(String(error)));
    await reloaded.load();
    const life = reloaded.get('cntr_1');
    assert.ok(life);
    assert.equal(life.title, 'Sales');
    assert.equal(minutesLeft(life, Date.now()), 10);
    await reloaded.close();
  });

  it('take what the container says of itself, also where it says so before its first use', () => {
    lives.told('cntr_1', 60);
    lives.used('cntr_1', { local: false });
    assert.equal(lives.get('cntr_1')?.lifeMinutes, 60);
    lives.told('cntr_1', undefined);
    assert.equal(lives.get('cntr_1')?.lifeMinutes, 60);
    assert.equal(lives.isTold('cntr_2'), false);
  });

  it('tell once of many uses together', () => {
    let told = 0;
    lives.onDidChange(() => told++);
    for (let use = 0; use < 1000; use++) lives.used('cntr_1', { local: false });
    mock.timers.tick(1000);
    assert.equal(told, 1);
  });

  it('of containers on this machine end with the window', async () => {
    lives.used('cntr_local', { local: true });
    lives.used('cntr_1', { local: false });
    mock.timers.tick(1000);
    await lives.close();
    assert.deepEqual(
      store.lives.map(({ containerId }) => containerId),
      ['cntr_1'],
    );
  });

  it('stop for a container that is gone, and start should it be used after all', () => {
    lives.used('cntr_1', { local: false });
    lives.ended('cntr_1');
    const phase = () => {
      const life = lives.get('cntr_1');
      return life && phaseAt(life, Date.now());
    };
    assert.equal(phase(), 'ended');
    mock.timers.tick(1);
    lives.used('cntr_1', { local: false });
    assert.equal(phase(), 'living');
  });
});

describe('the file of lives', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lives-'));
    file = path.join(folder, 'new', 'lives.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const life = (containerId: string, usedAt: number): ContainerLife => ({
    containerId,
    usedAt,
    lifeMinutes: 20,
    title: '',
  });

  it('is shared by windows: each adds what it knows, and the later use counts', async () => {
    const now = Date.now();
    await new LivesFile(file).write([life('a', now), life('b', now - 5)]);
    await new LivesFile(file).write([life('b', now), life('c', now - 1)]);
    const found = await new LivesFile(file).read();
    assert.deepEqual(found.map(({ containerId, usedAt }) => [containerId, now - usedAt]).sort(), [
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
    assert.deepEqual(await readdir(path.dirname(file)), ['lives.json']);
  });

  it('forgets what ended a day ago, and is empty where there is none or it is broken', async () => {
    assert.deepEqual(await new LivesFile(file).read(), []);
    await new LivesFile(file).write([life('old', Date.now() - 25 * 60 * MINUTE), life('new', Date.now())]);
    assert.doesNotMatch(await readFile(file, 'utf8'), /"old"/);
    await writeFile(file, '{"version":1,"lives":[{"containerId":"x"},7,');
    assert.deepEqual(await new LivesFile(file).read(), []);
  });
});
