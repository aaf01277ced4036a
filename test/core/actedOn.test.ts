import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isActedOn } from '../../src/core/actedOn.ts';

describe('isActedOn', () => {
  for (const yes of [
    '/w/package.json',
    '/w/.vscode/x.txt',
    '/w/.vscode',
    'C:\\w\\.VSCODE\\tasks.json',
    '/w/a.code-workspace',
    '/w/.git/hooks/pre-commit',
    '/w/GIT~1/config',
    '/w/.devcontainer.json',
    '/w/conftest.py',
    '/w/site/evil.pth',
    '/w/.eslintrc.cjs',
    '/w/eslint.config.mjs',
    '/w/AGENTS.md',
    '/w/.github/copilot-instructions.md',
    '/home/me/.bashrc',
    '/home/me/.ssh/config',
    '/w/Makefile',
  ]) {
    it(`asks about ${yes}`, () => assert.equal(isActedOn(yes), true));
  }
  for (const no of [
    '/w/chart.png',
    '/w/data.json',
    '/w/vscode/x.txt',
    '/w/analysis.py',
    '/w/README.md',
    '/w/.gitignore',
    '/w/git/x.txt',
    '/w/my-package.json',
  ]) {
    it(`does not ask about ${no}`, () => assert.equal(isActedOn(no), false));
  }
});
