import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Fault, root } from './step.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} dir below the project
 * @property {string[]} needs names of set-up steps
 * @property {number} limit minutes after which it counts as hanging
 * @property {number} testLimit seconds that one test, or one describe block, may take
 * @property {number} parallel test files at a time
 * @property {boolean} [flat] only the files of the folder itself
 * @property {string[]} [files] some of its files instead of all
 * @property {boolean} [onlyByName] too long for every run: only when it is asked for
 */

/** In the order they run: what fails fastest comes first. @type {Suite[]} */
const suites = [
  { name: 'structure', dir: 'test', needs: [], limit: 3, testLimit: 60, parallel: 2, flat: true },
  { name: 'core', dir: 'test/core', needs: [], limit: 5, testLimit: 60, parallel: 2 },
  { name: 'gateway', dir: 'test/gateway', needs: [], limit: 5, testLimit: 60, parallel: 2 },
  { name: 'host', dir: 'test/host', needs: [], limit: 5, testLimit: 60, parallel: 2 },
  { name: 'local', dir: 'test/local', needs: ['python', 'nodes'], limit: 15, testLimit: 600, parallel: 2 },
  { name: 'webview', dir: 'test/webview', needs: ['browser'], limit: 10, testLimit: 120, parallel: 2 },
  { name: 'panel', dir: 'test/panel', needs: ['browser'], limit: 20, testLimit: 300, parallel: 1 },
  {
    name: 'package',
    dir: 'test/package',
    needs: ['python', 'vsix', 'slimVsix'],
    limit: 10,
    testLimit: 300,
    parallel: 2,
  },
  {
    name: 'litellm',
    dir: 'test/litellm',
    needs: ['litellm', 'vsix'],
    limit: 10,
    testLimit: 300,
    parallel: 1,
  },
  {
    name: 'e2e',
    dir: 'test/e2e',
    needs: ['vscode', 'browser', 'litellm', 'vsix'],
    limit: 50,
    testLimit: 900,
    parallel: 1,
  },
  {
    name: 'long',
    dir: 'test/long',
    needs: [],
    limit: 30,
    testLimit: 900,
    parallel: 2,
    onlyByName: true,
  },
];

export const checks = { name: 'check' };

/**
 * What was asked for on the command line: names of suites, files, or nothing for all.
 * @param {string[]} wanted
 * @returns {{ withChecks: boolean, chosen: Suite[] }}
 */
export function chooseSuites(wanted) {
  if (wanted.length === 0) return { withChecks: true, chosen: suites.filter((suite) => !suite.onlyByName) };
  const names = new Set(wanted.filter((word) => !word.endsWith('.ts')));
  const files = wanted.filter((word) => word.endsWith('.ts')).map(projectPath);
  for (const name of names) {
    if (name !== checks.name && !suites.some((suite) => suite.name === name)) {
      const known = [checks.name, ...suites.map((suite) => suite.name)].join(', ');
      throw new Fault(`There is no test suite "${name}"; there are ${known}, and paths of test files`);
    }
  }
  const parts = suites.flatMap((suite) => {
    if (names.has(suite.name)) return [suite];
    const own = files.filter((file) => owner(file) === suite);
    return own.length === 0 ? [] : [{ ...suite, files: own }];
  });
  return { withChecks: names.has(checks.name), chosen: parts };
}

/** @param {string} file */
function projectPath(file) {
  const relative = path.relative(root, path.resolve(file)).replaceAll('\\', '/');
  if (!existsSync(path.join(root, relative))) throw new Fault(`There is no test file ${file}`);
  if (owner(relative) === undefined) throw new Fault(`${file} belongs to no test suite`);
  return relative;
}

/** @param {string} file */
function owner(file) {
  return suites.find((suite) =>
    suite.flat ? path.posix.dirname(file) === suite.dir : file.startsWith(`${suite.dir}/`),
  );
}

/** @param {Suite} suite @returns {string[]} */
export function testFiles(suite) {
  if (suite.files !== undefined) return suite.files;
  const dir = path.join(root, suite.dir);
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: suite.flat !== true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.posix.join(suite.dir, file.replaceAll('\\', '/')))
    .sort();
}
