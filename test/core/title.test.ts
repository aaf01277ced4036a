import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { splitFences } from '../../src/core/fences.ts';
import { titleOf } from '../../src/core/title.ts';

const fence = (code: string, language = 'python') => `\`\`\`${language}\n${code}\n\`\`\``;

describe('the title of a session', () => {
  const cases: readonly (readonly [prompt: string, title: string])[] = [
    ['Plot the sales', 'Plot the sales'],
    ['Plot\n  the   sales ', 'Plot the sales'],
    [`Plot ${'the sales '.repeat(9)}`, 'Plot the sales the sales the sales the …'],
    // What is said says more than the code.
    [`Draw a line\n\n${fence('x = 1')}`, 'Draw a line'],
    [`${fence('x = 1')}\nWhat is wrong?`, 'What is wrong?'],
    // Only code: its first comment, wherever it stands.
    [fence('# Double it\nvalue = 21'), 'Double it'],
    [
      fence('#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nimport os\n\n# --- Clean up ---\nos.x()'),
      'Clean up',
    ],
    [fence('"""Monthly report.\n\nMore."""\nimport os'), 'Monthly report.'],
    // No comment: what it does first.
    [
      fence('import pandas as pd\nfrom os import path\n\ndf = pd.read_csv("a.csv")'),
      'df = pd.read_csv("a.csv")',
    ],
    [fence('import os'), 'import os'],
    [fence(''), ''],
    [fence('SELECT 1', 'sql'), 'SELECT 1'],
    ['# Totals\nimport os\nprint(1)', 'Totals'],
    ['import os\nprint(os.name)', 'print(os.name)'],
    ['total = 3\nprint(total)', 'total = 3'],
    ['import a file and plot it', 'import a file and plot it'],
    ['For each region\nplot the sales', 'For each region plot the sales'],
  ];
  for (const [prompt, title] of cases) it(JSON.stringify(prompt), () => assert.equal(titleOf(prompt), title));
});

describe('the pieces of a prompt', () => {
  it('are what is said and its blocks, in order', () => {
    assert.deepEqual(splitFences(`a\n${fence('b\n  c')}\n\nd\n~~~SQL x\ne`), [
      { kind: 'text', text: 'a' },
      { kind: 'block', language: 'python', text: 'b\n  c' },
      { kind: 'text', text: '\nd' },
      { kind: 'block', language: 'sql', text: 'e' },
    ]);
  });

  it('keep a fence that is in a longer one, and marks within a line', () => {
    assert.deepEqual(splitFences('````\n```\n````\nuse `x` and ```y``` here'), [
      { kind: 'block', language: '', text: '```' },
      { kind: 'text', text: 'use `x` and ```y``` here' },
    ]);
  });
});
