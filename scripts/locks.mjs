import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Fills a folder once: what is there is whole, because it is made elsewhere and renamed when finished.
 * @param {string} dir the finished folder
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function fillOnce(dir, fill) {
  if (existsSync(dir)) return dir;
  await withLock(`${dir}.lock`, async () => {
    if (existsSync(dir)) return;
    const temporary = `${dir}.${randomUUID().slice(0, 8)}.part`;
    mkdirSync(temporary, { recursive: true });
    try {
      await fill(temporary);
      await rename(temporary, dir).catch((error) => {
        // Another run (one that shares the cache but not the process table) was faster: its folder is whole too.
        if (!existsSync(dir)) throw error;
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
  return dir;
}

/**
 * One process at a time: a second one waits until the first is done, or is no longer alive.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 */
export async function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  for (;;) {
    const holder = takeLock(file);
    if (holder === undefined) break;
    if (holder === 'gone') continue;
    if (!told)
      process.stderr.write(`  waiting for another run (process ${holder}) to finish the same step\n`);
    told = true;
    await sleep(300);
  }
  const drop = () => rmSync(file, { force: true });
  process.once('exit', drop);
  try {
    return await work();
  } finally {
    process.removeListener('exit', drop);
    drop();
  }
}

/**
 * @param {string} file
 * @returns {number | 'gone' | undefined} who holds it; 'gone' when they no longer live; undefined when we hold it
 */
function takeLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = readHolder(file);
  if (holder === undefined || isAlive(holder)) return holder ?? 0;
  rmSync(file, { force: true });
  return 'gone';
}

/** @param {string} file */
function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch (error) {
    // The other run let go between our two looks.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
