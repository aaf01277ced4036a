import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readTexts } from '../../scripts/l10n.ts';
import { makeTranslate } from '../../src/core/translate.ts';
import { builtInAgent } from '../../src/local/builtIn/builtIn.ts';
import { inEnglish } from '../../src/local/builtIn/otherLanguages.ts';
import { SAMPLES } from '../../src/local/builtIn/samples.ts';
import { sampleWords } from '../../src/local/builtIn/sampleWords.ts';

const german = readTexts('l10n/bundle.l10n.de.json');
const t = makeTranslate(german);

const EXAMPLES: readonly (readonly [english: string, code: RegExp, answer: RegExp])[] = [
  [
    'Generate a bar chart of sales by quarter and save as PNG',
    /ax\.bar\(quarters, sales\)[\s\S]*set_xlabel\("Quartal"\)/,
    /Umsatz nach Quartal, aus \*\*Beispieldaten/,
  ],
  [
    'Calculate the first 20 fibonacci numbers and plot them',
    /count = 20[\s\S]*ax\.plot/,
    /die ersten 20 Fibonacci-Zahlen/,
  ],
  ['Create a CSV with sample sales data', /sample_sales\.csv/, /CSV-Datei mit Beispieldaten \(Umsatz\)/],
  ['Generate a pie chart of market share', /ax\.pie\(shares/, /Marktanteile/],
];

suite('the examples of the panel in German', () => {
  const manifest = readTexts('package.nls.de.json');

  for (const [english, code, answer] of EXAMPLES) {
    const prompt = german[english] ?? '';
    test(`${prompt}: is understood, and answered in German`, async () => {
      const { written, said } = await worked(prompt);
      assert.match(written, code);
      assert.equal(written, (await worked(english)).written, 'as for the English one');
      assert.match(said, answer);
    });
  }

  test('what no rule covers is told in German, with requests that are understood', async () => {
    const { said } = await worked('Was ist die Hauptstadt von Frankreich?');
    assert.match(said, /^Es ist kein Sprachmodell eingerichtet/);
    for (const [, request = ''] of said.matchAll(/`(Erstelle [^`]+|Berechne [^`]+)`/g))
      assert.notEqual(inEnglish(request, t), request);
  });

  test('are known whatever their case and the marks around them, and nothing else is', () => {
    assert.equal(
      inEnglish('  erstelle ein Kreisdiagramm der  Marktanteile.\n', t),
      'Generate a pie chart of market share',
    );
    assert.equal(inEnglish('Erstelle ein Kreisdiagramm', t), 'Erstelle ein Kreisdiagramm');
  });

  test('have charts whose words are all known', () => {
    const words = SAMPLES.flatMap(({ topic, title, x, y }) => [topic, title, x.label, y.label]);
    assert.deepEqual(
      words.filter((text) => sampleWords(text, (known) => `translated ${known}`) === text),
      [],
    );
  });

  test('the one of the first steps is among them', () => {
    const query = /codeInterpreter\.ask\?([^)]*)/.exec(manifest['walkthrough.ask.description'] ?? '')?.[1];
    const [prompt] = JSON.parse(decodeURIComponent(query ?? '')) as string[];
    assert.equal(prompt, german[EXAMPLES[0]?.[0] ?? '']);
  });

  test('a change of the chart before it in English follows one of them', async () => {
    const [first = ''] = EXAMPLES.map(([english]) => german[english] ?? '');
    const { written } = await worked('as a line chart', first);
    assert.match(written, /ax\.plot\(quarters, sales/);
  });
});

/** What the built-in model writes and says, its code taken for run without an error. */
async function worked(prompt: string, before?: string): Promise<{ written: string; said: string }> {
  const task = {
    prompt,
    instructions: undefined,
    history: before === undefined ? [] : [{ role: 'user', text: before } as const],
    pictures: 0,
    tool: 'may',
    logsShown: true,
    files: [],
    readFile: () => Promise.reject(new Error('There are no files.')),
    pythonReady: () => Promise.resolve(),
    isProgram: () => Promise.resolve(false),
  } as const;
  const steps = builtInAgent(0, t).work(task, new AbortController().signal);
  let [written, said] = ['', ''];
  const outcome = { end: 'ok', logs: '', figures: 1, written: [], remarks: [] } as const;
  let next = await steps.next();
  while (next.done !== true) {
    if (next.value.type === 'code') written += next.value.delta;
    if (next.value.type === 'text') said += next.value.delta;
    next = await steps.next(next.value.type === 'run' ? outcome : undefined);
  }
  return { written, said };
}
