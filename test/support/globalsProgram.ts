import { argv, stdout } from 'node:process';

/* Sends a request where nobody has fetched anything yet. Prints what undici has put on the global object: before, after. */

const names = () =>
  Object.getOwnPropertySymbols(globalThis)
    .map(String)
    .filter((name) => name.includes('undici'));

const before = names();
const { NetworkUnderTest } = await import('./networkUnderTest.ts');
await using network = new NetworkUnderTest();
const { status } = await network.get(argv[2] ?? '');
stdout.write(JSON.stringify({ before, status, after: names() }));
