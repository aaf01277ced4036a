import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';

/**
 * Prints one line a test file and each failure in full, and leaves the counts in the file TEST_RESULT.
 * @param {AsyncIterable<import('node:test').TestEvent>} source
 */
// biome-ignore lint/style/noDefaultExport: node:test takes a reporter from there
export default async function* report(source) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {Map<string, ReturnType<typeof newFile>>} */
  const files = new Map();
  for await (const event of source) {
    const { type, data } = event;
    const file = data?.file;
    if (file === undefined) continue;
    const seen = files.get(file) ?? newFile();
    files.set(file, seen);
    if (type === 'test:stdout' || type === 'test:stderr') seen.output += data.message;
    if (type === 'test:pass') yield passed(data, seen, total);
    if (type === 'test:fail') yield failed(data, seen, total);
    if (type === 'test:summary') yield fileLine(file, data, seen);
    writeFileSync(process.env.TEST_RESULT ?? '', JSON.stringify(total));
  }
}

function newFile() {
  return { failed: 0, output: '' };
}

function passed(data, seen, total) {
  // A suite that is left out reports itself, and none of its tests.
  if (data.details?.type === 'suite' && data.skip === undefined) return '';
  if (isFileItself(data)) {
    seen.failed++;
    total.failed++;
    return `  ✗ ${relative(data.file)} holds no tests\n`;
  }
  // Left out on purpose, or a promise of work to come: neither has proved anything.
  const kind = data.skip === undefined && data.todo === undefined ? 'passed' : 'skipped';
  total[kind]++;
  const why = typeof data.skip === 'string' && data.skip !== '' ? `: ${data.skip}` : '';
  return kind === 'skipped' ? `  - ${data.name} (skipped${why})\n` : '';
}

function failed(data, seen, total) {
  const error = data.details?.error;
  // A parent fails with its children; only they are failures of their own.
  if (error?.failureType === 'subtestsFailed') return '';
  seen.failed++;
  total.failed++;
  const where = data.line === undefined || isFileItself(data) ? '' : `:${data.line}`;
  const reason =
    error?.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : inspect(error?.cause);
  const output = isFileItself(data) && seen.output !== '' ? `\n${seen.output}` : '';
  return `  ✗ ${data.name}\n    ${relative(data.file)}${where}\n${indent(reason + output)}\n`;
}

function fileLine(file, data, seen) {
  // Node's own counts: a test that is defined in a helper is reported under the helper's name.
  const bad = Math.max(data.counts.failed + data.counts.cancelled, seen.failed);
  const counts = [`${data.counts.passed} passed`];
  if (bad > 0) counts.push(`${bad} failed`);
  if (data.counts.skipped > 0) counts.push(`${data.counts.skipped} skipped`);
  const output = bad > 0 && seen.output !== '' ? `${indent(`what it printed:\n${seen.output}`)}\n` : '';
  return `${output}${bad > 0 ? '✗' : '✓'} ${relative(file)}: ${counts.join(', ')} (${(data.duration_ms / 1000).toFixed(1)} s)\n`;
}

/** Node reports a file that holds no tests, or that does not load, as one test with the file's name. */
function isFileItself(data) {
  return data.nesting === 0 && path.resolve(data.name) === data.file;
}

function relative(file) {
  return path.relative(process.cwd(), file);
}

function indent(text) {
  return stripVTControlCharacters(text).trimEnd().replace(/^/gm, '    ');
}
