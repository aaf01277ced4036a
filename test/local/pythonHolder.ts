/** A program that has a Python compute for ever, without a look at anything, and then waits: to be killed by a test. */
import { startPython } from '../../src/local/interpreter.ts';

const [sandboxFile = '', packDir = '', osSandbox] = process.argv.slice(2);
const python = await startPython({ sandboxFile, packDir, osSandbox: osSandbox === 'true' });
void python.run('print("begun")\nimport itertools\nany(itertools.repeat(False))', { timeoutSeconds: 3600 });
setTimeout(() => process.stdout.write('computing\n'), 500);
