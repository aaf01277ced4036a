// npm run fuzz -- [--minutes N] [--seed N]: runs one case after the other and stops at the first that fails.
import { parseArgs } from 'node:util';
import { recordedStreams } from '../support/recordings.ts';
import { checkCase, makeCase } from './case.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes takes a number above 0.');
const recorded = recordedStreams();
const first = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const end = performance.now() + minutes * 60_000;
const endings = new Map<string, number>();
let count = 0;
for (; performance.now() < end && (values.seed === undefined || count === 0); count++) {
  const made = makeCase(first + count, recorded);
  try {
    const { status } = await checkCase(made);
    endings.set(status, (endings.get(status) ?? 0) + 1);
  } catch (error) {
    console.error(
      `Seed ${made.seed} fails (${made.bytes.length} bytes; ${made.mutations.join(', ') || 'sound'}).`,
    );
    console.error(`Once more: npm run fuzz -- --seed ${made.seed}`);
    throw error;
  }
}
const told = [...endings].map(([status, times]) => `${times} ${status}`).join(', ');
console.log(`${count} streams from seed ${first} on, none failed: ${told}.`);
