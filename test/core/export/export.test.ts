import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Cell, cellsOf, type ExportPicture } from '../../../src/core/export/cells.ts';
import { markdownOf, picturesIn } from '../../../src/core/export/markdown.ts';
import { notebookOf, serialiseNotebook } from '../../../src/core/export/notebook.ts';
import { pictureNames } from '../../../src/core/export/pictureNames.ts';
import { scriptOf } from '../../../src/core/export/script.ts';
import { foldName, safeFileName } from '../../../src/core/fileNames.ts';
import { parseEvent } from '../../../src/core/parse.ts';
import {
  newSession,
  reduceSession,
  type SessionEvent,
  type SessionState,
} from '../../../src/core/session.ts';
import { notebookFaults } from '../../support/notebookSchema.ts';
import { anySession, anyStored } from '../../support/sessionArbitrary.ts';

const t = (text: string, ...args: readonly string[]) =>
  text.replace(/\{(\d)\}/g, (_, n) => args[Number(n)] ?? '');
const picture: ExportPicture = { name: 'picture 1.png', mime: 'image/png', base64: 'AAAA' };
const everyPicture = () => picture;
const noPicture = () => undefined;

const CODE = 'import matplotlib\nprint("`” ```")\n1/0';
const LOGS =
  'begun\nTraceback (most recent call last):\n  File "<cell 1>", line 3\nZeroDivisionError: division by zero\n';

function example(): SessionState {
  const output = [
    {
      type: 'code_interpreter_call',
      id: 'c',
      status: 'completed',
      code: CODE,
      container_id: 'cntr_1',
      outputs: [
        { type: 'logs', logs: LOGS },
        { type: 'image', url: 'image:1' },
      ],
    },
    {
      type: 'message',
      id: 'm',
      status: 'completed',
      content: [
        {
          type: 'output_text',
          text: [
            '# Done\nSee [the table](sandbox:/mnt/data/t.csv) and ![chart](sandbox:/mnt/data/chart.png).',
            '`[code](sandbox:/mnt/data/t.csv)`',
            '```\n[kept](sandbox:/mnt/data/t.csv)\n```',
            '[web](https://example.com)',
            '[x]: sandbox:/mnt/data/t.csv',
          ].join('\n'),
          annotations: [
            {
              type: 'container_file_citation',
              container_id: 'cntr_1',
              file_id: 'f1',
              filename: 'chart.png',
              start_index: 0,
              end_index: 5,
            },
          ],
        },
      ],
    },
  ];
  const event = parseEvent({
    type: 'response.completed',
    response: { id: 'r', status: 'completed', output },
  });
  assert.ok(event);
  const events: SessionEvent[] = [
    {
      type: 'run.requested',
      runId: '1',
      prompt: 'Draw "it"\r\nplease',
      attachments: [{ id: 'a', name: 'a.csv', size: 1 }],
      background: false,
      at: 1,
    },
    { type: 'run.event', runId: '1', event, at: 2 },
    { type: 'run.requested', runId: '2', prompt: 'And stop', attachments: [], background: false, at: 3 },
    { type: 'run.event', runId: '2', event: { type: 'run.cancelled' }, at: 4 },
  ];
  return events.reduce(reduceSession, newSession('s', { name: 'g', local: false, model: 'm' }));
}

/** Only the picture that the answer shows, and the one that the code drew. */
const some = (key: string): ExportPicture | undefined =>
  key === 'image:1'
    ? picture
    : key === 'file:cntr_1/f1'
      ? { name: 'chart.png', mime: 'image/png', base64: 'BBBB' }
      : undefined;

describe('a session as cells', () => {
  it('has prompts, code with its outputs, answers, and how runs ended that were not completed', () => {
    const cells = cellsOf(example(), some, t);
    assert.deepEqual(
      cells.map(({ kind }) => kind),
      ['prompt', 'code', 'answer', 'prompt', 'ending'],
    );
    const [, code] = cells;
    assert.ok(code?.kind === 'code');
    assert.deepEqual(
      code.outputs.map(({ kind }) => kind),
      ['text', 'exception', 'picture'],
    );
  });

  it('shows pictures among the files made that nothing else shows', () => {
    const state = example();
    const [run] = state.runs;
    assert.ok(run);
    const file = {
      id: 'f2',
      containerId: 'cntr_1',
      path: '/mnt/data/other.png',
      bytes: 1,
      createdAt: 1,
      source: undefined,
    };
    const more = { ...state, runs: [{ ...run, files: [file] }] };
    const other = { ...picture, name: 'other.png' };
    const cells = cellsOf(more, (key) => (key === 'file:cntr_1/f2' ? other : some(key)), t);
    assert.deepEqual(cells.at(-1), { kind: 'pictures', pictures: [other] });
  });
});

describe('names of exported pictures', () => {
  const one = { mime: 'image/png', size: 1 };
  const named = (...pictures: readonly (readonly [string, string])[]) => [
    ...pictureNames(
      example(),
      pictures.map(([key, sha256]) => ({ ...one, key, sha256 })),
    ).values(),
  ];

  it('are those of the files that they are, else numbers; one for each content', () => {
    assert.deepEqual(named(['image:1', 'a'], ['file:cntr_1/f1', 'b'], ['image:2', 'c']), [
      'figure-1.png',
      'chart.png',
      'figure-2.png',
    ]);
    assert.deepEqual(named(['image:1', 'a'], ['file:cntr_1/f1', 'a']), ['chart.png', 'chart.png']);
  });

  it('are safe, and none is that of another for any disk', () => {
    fc.assert(
      fc.property(anyStored, ({ state, pictures }) => {
        const names = pictureNames(state, pictures);
        const byContent = new Map(pictures.map(({ key, sha256 }) => [sha256, names.get(key) ?? '']));
        const folded = [...byContent.values()].map(foldName);
        assert.equal(new Set(folded).size, folded.length);
        for (const name of names.values()) assert.equal(safeFileName(name), name);
      }),
    );
  });
});

describe('a session as a Jupyter notebook', () => {
  it('is valid by the official schema, whatever is in the session, and reads back', () => {
    fc.assert(
      fc.property(anySession, fc.boolean(), (session, pictures) => {
        const notebook = notebookOf(cellsOf(session, pictures ? everyPicture : noPicture, t));
        const text = serialiseNotebook(notebook);
        assert.ok(text.isWellFormed());
        const read: unknown = JSON.parse(text);
        assert.deepEqual(read, JSON.parse(JSON.stringify(notebook)));
        assert.deepEqual(notebookFaults(read), []);
        assert.equal(new Set(notebook.cells.map(({ id }) => id)).size, notebook.cells.length);
      }),
      { numRuns: 200 },
    );
  });

  it('the schema refuses what is none', () => {
    const notebook = notebookOf(cellsOf(example(), some, t));
    const nameless = notebook.cells.map(({ id, ...cell }) => cell);
    assert.notDeepEqual(notebookFaults({ ...notebook, nbformat: 3 }), []);
    assert.notDeepEqual(notebookFaults({ ...notebook, cells: nameless }), []);
  });

  it('has each output in its own kind, and pictures of answers within it', () => {
    const { cells } = notebookOf(cellsOf(example(), some, t));
    const [prompt, code, answer] = cells;
    assert.equal(prompt?.source.join(''), '> Draw "it"\n> please\n>\n> 📎 `a.csv`');
    assert.ok(code?.cell_type === 'code');
    assert.equal(code.source.join(''), CODE);
    assert.equal(code.execution_count, 1);
    const [text, error, drawn] = code.outputs;
    assert.deepEqual(text, { output_type: 'stream', name: 'stdout', text: ['begun\n'] });
    assert.ok(error?.output_type === 'error');
    assert.deepEqual([error.ename, error.evalue], ['ZeroDivisionError', 'division by zero']);
    assert.equal(error.traceback.length, 3);
    assert.deepEqual(drawn, { output_type: 'display_data', data: { 'image/png': 'AAAA' }, metadata: {} });
    assert.ok(answer?.cell_type === 'markdown');
    assert.match(answer.source.join(''), /!\[chart\]\(attachment:chart\.png\)/);
    assert.deepEqual(answer.attachments, { 'chart.png': { 'image/png': 'BBBB' } });
  });
});

describe('links into the container', () => {
  const answer = notebookOf(cellsOf(example(), some, t)).cells[2]?.source.join('') ?? '';

  it('are text, but for exported pictures; code and links to the web stay', () => {
    assert.match(answer, /^See the table and !\[chart\]/m);
    assert.match(answer, /`\[code\]\(sandbox:\/mnt\/data\/t\.csv\)`/);
    assert.match(answer, /```\n\[kept\]\(sandbox:\/mnt\/data\/t\.csv\)\n```/);
    assert.match(answer, /\[web\]\(https:\/\/example\.com\)/);
    assert.doesNotMatch(answer, /^\[x\]:/m);
  });

  it('are found in texts of nothing but their beginnings', () => {
    for (const text of ['[', '![', '`', '[a](', '[a](sandbox:/mnt/data/(', '[a](sandbox:/mnt/data/x "']) {
      const cells: Cell[] = [
        {
          kind: 'answer',
          text: text.repeat(50_000),
          links: { citations: [], files: [], pictureOf: noPicture },
        },
      ];
      // Were it quadratic, this would not end within the time that a test has.
      assert.ok(markdownOf('x', cells, 'x').length >= text.length);
    }
  });
});

describe('a session as a Python script', () => {
  it('has the code as it was and everything else as comments', () => {
    const script = scriptOf(cellsOf(example(), some, t));
    assert.ok(
      script.startsWith('# %% [markdown]\n# Draw "it"\n# please\n# 📎 a.csv\n\n# %%\nimport matplotlib\n'),
    );
    assert.match(script, /# See the table and !\[chart\]\(chart\.png\)\./);
    assert.match(script, /# Stopped\. What had arrived is kept\.\n$/);
  });

  it('never makes code of what was said', () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const cells = cellsOf(session, everyPicture, t).filter(({ kind }) => kind !== 'code');
        const lines = scriptOf(cells).split(/[^\P{Cc}\t]|[\u2028\u2029]/u);
        assert.deepEqual(
          lines.filter((line) => line !== '' && !line.startsWith('#')),
          [],
        );
        assert.equal(lines.filter((line) => /^# ?%%/.test(line)).length, cells.length);
      }),
      { numRuns: 300 },
    );
  });

  it('is Python to Python', (context) => {
    const asked = spawnSync(
      'python3',
      ['-c', 'import ast, sys; print(len(ast.parse(sys.stdin.buffer.read()).body))'],
      {
        input: scriptOf(cellsOf(example(), some, t)),
        encoding: 'utf8',
      },
    );
    if (asked.error) {
      context.skip('there is no Python here');
      return;
    }
    assert.equal(asked.stdout.trim(), '3', asked.stderr);
  });
});

describe('a session as Markdown', () => {
  it('shows code, outputs and pictures beside it', () => {
    const cells = cellsOf(example(), some, t);
    const text = markdownOf('My *chart*\nof it', cells, 'My chart_files');
    assert.match(text, /^# My \*chart\* of it\n/);
    assert.match(text, /````python\nimport matplotlib\nprint\("`” ```"\)\n1\/0\n````/);
    assert.match(text, /!\[\]\(My%20chart_files\/picture%201\.png\)/);
    assert.match(text, /!\[chart\]\(My%20chart_files\/chart\.png\)/);
    assert.deepEqual(
      picturesIn(cells).map(({ name }) => name),
      ['picture 1.png', 'chart.png'],
    );
  });

  it('names no picture that is not beside it', () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const text = markdownOf('x', cellsOf(session, noPicture, t), 'x_files');
        assert.doesNotMatch(text, /x_files/);
      }),
    );
  });
});
