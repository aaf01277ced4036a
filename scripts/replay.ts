// Feeds a recorded answer through the run model and prints what came of it as one JSON object:
//   npm run replay -- FILE [--chunk N]
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { replay } from '../test/support/replay.ts';

const { values, positionals } = parseArgs({ options: { chunk: { type: 'string' } }, allowPositionals: true });
const [file] = positionals;
const chunk = values.chunk === undefined ? undefined : Number(values.chunk);
if (
  file === undefined ||
  positionals.length > 1 ||
  (chunk !== undefined && !(Number.isInteger(chunk) && chunk > 0))
) {
  console.error('Usage: npm run replay -- FILE [--chunk N], with N bytes a piece, 1 or more.');
  process.exit(2);
}
const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
  console.error(`The file ${file} cannot be read (${error.code}).`);
  process.exit(2);
});
console.log(JSON.stringify(await replay(bytes, chunk)));
