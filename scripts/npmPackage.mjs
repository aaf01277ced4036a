import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault, npm, run } from './step.mjs';

/**
 * Unpacks one npm package whose bytes are known beforehand, with none of its scripts run.
 * @param {string} name
 * @param {string} version
 * @param {string} integrity as the registry states it: `sha512-<base64>`
 * @param {string} dir
 * @param {(text: string) => void} progress
 */
export async function unpack(name, version, integrity, dir, progress) {
  progress(`downloading ${name} ${version}`);
  await npm(['pack', `${name}@${version}`, '--silent', '--ignore-scripts'], {
    cwd: dir,
    failure: `${name} ${version} could not be downloaded (is the package registry reachable?)`,
  });
  const tarball = readdirSync(dir).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Fault(`npm downloaded no ${name} ${version}`);
  const file = path.join(dir, tarball);
  if (`sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}` !== integrity) {
    throw new Fault(`The downloaded ${name} ${version} is not the expected one: its sha512 differs`);
  }
  progress('unpacking');
  // A relative name: GNU tar reads "C:" in a Windows path as a host.
  await run('tar', ['-xzf', tarball, '--strip-components=1'], {
    cwd: dir,
    failure: `${name} could not be unpacked`,
  });
  await rm(file);
}
