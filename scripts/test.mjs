import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { endGroup, whenOrphaned } from './processes.mjs';
import { nodeBinary, setUpNpm, tools } from './setUp.mjs';
import { Fault, main, npm, root, seconds } from './step.mjs';
import { checks, chooseSuites, testFiles } from './suites.mjs';

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @param {string[]} wanted */
async function runTests(wanted) {
  const { withChecks, chosen } = chooseSuites(wanted);
  await setUpNpm();
  const needed = [...new Set(chosen.flatMap((suite) => suite.needs))];
  // Packaging comes after the checks: a type error says more than a failed build.
  const isPackage = (/** @type {string} */ name) => /vsix$/i.test(name);
  const found = await setUp(needed.filter((name) => !isPackage(name)));
  if (withChecks) await runChecks();
  Object.assign(found, await setUp(needed.filter(isPackage)));
  for (const suite of chosen) {
    const missing = suite.needs.filter((name) => found[name] === undefined);
    if (missing.length > 0)
      fail(`${suite.name}: not run, because the set-up of ${missing.join(', ')} failed`);
    else await runSuite(suite, found);
  }
  print(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

/**
 * One missing tool must not hide what the suites without it would say.
 * @param {string[]} names
 */
async function setUp(names) {
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const name of names) {
    try {
      found[name] = await tools[name]();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      fail(error.message);
    }
  }
  return found;
}

async function runChecks() {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const part of scripts.check.split('&&')) {
    const name = part.trim().replace(/^npm run /, '');
    const started = Date.now();
    try {
      await npm(['run', '--silent', name], { log: name, failure: `${checks.name} ${name}` });
      total.passed++;
      print(`✓ ${checks.name} ${name} (${seconds(started)})`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      fail(`${checks.name} ${name} (out/logs/${name}.log)`);
      print(readFileSync(path.join(root, 'out', 'logs', `${name}.log`), 'utf8').slice(-6000));
    }
  }
}

/** @param {import('./suites.mjs').Suite} suite @param {Record<string, unknown>} found */
async function runSuite(suite, found) {
  const files = testFiles(suite);
  if (files.length === 0) {
    fail(`${suite.name}: no test files in ${suite.dir}`);
    return;
  }
  const started = Date.now();
  print(`\n${suite.name}`);
  const result = path.join(root, 'out', `test-${suite.name}.json`);
  mkdirSync(path.dirname(result), { recursive: true });
  rmSync(result, { force: true });
  const end = await runNodeTest(suite, files, { ...testEnvironment(found), TEST_RESULT: result });
  const counts = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : total0();
  for (const kind of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[kind] += counts[kind];
  if (end === 'hangs') fail(`${suite.name}: still running after ${suite.limit} minutes, so it was ended`);
  else if (counts.passed + counts.failed + counts.skipped === 0) fail(`${suite.name}: no tests were found`);
  else if (end !== 0 && counts.failed === 0) fail(`${suite.name}: the runner ended with code ${end}`);
  print(`${suite.name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds(started)}`);
}

function total0() {
  return { passed: 0, failed: 0, skipped: 0 };
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {string[]} files
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number | 'hangs'>}
 */
async function runNodeTest(suite, files, env) {
  const reporter = pathToFileURL(path.join(root, 'scripts', 'testReporter.mjs')).href;
  const child = spawn(
    nodeBinary(),
    [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      '--disable-warning=ExperimentalWarning',
      '--test',
      `--test-reporter=${reporter}`,
      '--test-reporter-destination=stdout',
      `--test-concurrency=${suite.parallel}`,
      `--test-timeout=${suite.testLimit * 1000}`,
      ...files,
    ],
    // A group of its own, so that whatever a hanging test has started ends with it.
    { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: process.platform !== 'win32' },
  );
  running.add(child);
  /** @type {Promise<number | 'hangs'>} */
  const ended = new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('hangs'), suite.limit * 60_000);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
  const end = await ended;
  await endGroup(child, end === 'hangs' ? 5000 : 0);
  running.delete(child);
  return end;
}

/** @param {Record<string, unknown>} found */
function testEnvironment(found) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, TEST_NODE: nodeBinary(), NO_COLOR: '1' };
  // Node warns when both are set.
  delete env.FORCE_COLOR;
  for (const [name, tool] of Object.entries(found))
    env[`TEST_TOOL_${name.toUpperCase()}`] = JSON.stringify(tool);
  return env;
}

/** @param {string} sentence */
function fail(sentence) {
  total.failed++;
  print(`✗ ${sentence}`);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}

whenOrphaned(() => process.kill(process.pid, 'SIGTERM'));
// `main` ends this process on a signal; what runs in a group of its own must be ended by name.
process.once('exit', () => {
  for (const child of running) void endGroup(child, 0);
});

await main(() => runTests(process.argv.slice(2)));
