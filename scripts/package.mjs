import { statSync } from 'node:fs';
import path from 'node:path';
import { buildVsix } from './build.mjs';
import { setUpNpm } from './setUp.mjs';
import { Fault, main, root, say } from './step.mjs';

// The installable extension; `--slim` leaves the local Python out of it.
await main(async () => {
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => arg !== '--slim');
  if (unknown !== undefined) throw new Fault(`npm run package takes --slim only, not ${unknown}`);
  await setUpNpm();
  const { file } = await buildVsix({ slim: args.includes('--slim') });
  say(`${path.relative(root, file)}, ${(statSync(file).size / 1024 / 1024).toFixed(2)} MB`);
  return 0;
});
