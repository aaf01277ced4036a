// A server with many files in a process of its own, so that what is measured has a processor to itself. Prints its address.

import { numberField } from '../../src/core/json.ts';
import { FaultServer } from './faultServer.ts';
import { parseJson } from './json.ts';
import { manyFiles } from './manyFiles.ts';

const options = parseJson(process.argv[2] ?? '{}');
const number = (name: string) => numberField(options, name) ?? 0;
const server = await FaultServer.start();
server.answer = manyFiles({
  containers: number('containers'),
  files: number('files'),
  latency: number('latency'),
  size: number('size'),
});
process.stdout.write(`${server.url}\n`);
process.stdin.resume().on('end', () => process.exit(0));
