/** Figures come as matplotlib's own `savefig` with `bbox_inches='tight'` draws them, whatever way they are drawn. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python } from '../../src/local/python.ts';
import { sandboxParts } from '../support/sandboxParts.ts';

let python: Python;
before(async () => {
  python = await startPython(await sandboxParts());
});
after(() => python.close());

async function logs(code: string): Promise<string> {
  const outcome = await python.run(code, { timeoutSeconds: 60 });
  assert.equal(outcome.end, 'ok', outcome.logs);
  return outcome.logs;
}

/** Python that says how much two pictures differ: in size, and by eye, that is where each is a little out of focus. */
const compare = `
from PIL import Image, ImageChops, ImageFilter, ImageStat
def compare(shown, saved):
    shown, saved = (Image.open(name).convert('RGBA') for name in (shown, saved))
    apart = max(abs(a - b) for a, b in zip(shown.size, saved.size))
    size = [min(a, b) for a, b in zip(shown.size, saved.size)]
    soft = [one.crop((0, 0, *size)).filter(ImageFilter.BoxBlur(2)) for one in (shown, saved)]
    return apart, round(max(ImageStat.Stat(ImageChops.difference(*soft)).mean), 2)
`;

const drawings: Readonly<Record<string, string>> = {
  'a bar chart': 'plt.bar(["a", "b"], [1, 2]); plt.title("Bars")',
  tight_layout: 'plt.plot([1, 3, 2]); plt.xlabel("x"); plt.tight_layout()',
  'constrained layout': 'plt.subplots(2, 2, layout="constrained")[0].suptitle("Four")',
  'a legend outside':
    'plt.plot([1], label="far out"); plt.legend(bbox_to_anchor=(1.05, 1), loc="upper left")',
  'labels beyond the edge': 'plt.bar(["a very long name of a bar" * 2] * 1, [1]); plt.xticks(rotation=90)',
  'a dark style':
    'plt.style.use("dark_background"); plt.figure(); plt.plot([1, 2]); plt.style.use("default")',
  'a see-through figure': 'plt.figure(facecolor="none"); plt.plot([1, 2])',
  'a half see-through figure': 'plt.figure(facecolor=(1, 0, 0, 0.5)); plt.plot([1, 2])',
  'a frame': 'plt.figure(linewidth=8, edgecolor="blue", facecolor="yellow"); plt.plot([1, 2])',
  'a picture to the edges': 'plt.figure(figsize=(3, 3)).add_axes([0, 0, 1, 1]).imshow([[0, 1], [1, 0]])',
  'a pie': 'plt.pie([1, 2, 3], labels=["one", "two", "three"])',
  'three dimensions': 'plt.figure().add_subplot(projection="3d").plot([1, 2], [1, 2], [1, 3])',
  subfigures: 'a, b = plt.figure(layout="constrained").subfigures(1, 2); a.subplots(); b.suptitle("B")',
  'nothing but a text': 'plt.figure(); plt.gcf().text(0.5, 0.5, "alone")',
  nothing: 'plt.figure()',
  'many dots an inch': 'plt.figure(dpi=200, figsize=(3, 2)); plt.plot([1, 2])',
};

suite('a figure that is shown', () => {
  for (const [name, code] of Object.entries(drawings)) {
    test(`${name}: as savefig draws it, and the figure stays as it was`, async () => {
      const outcome = await python.run(
        `import matplotlib.pyplot as plt\n${code}\nfigure = plt.gcf()\n` +
          'figure.savefig("saved.png", dpi=max(figure.dpi, 120), bbox_inches="tight")\n' +
          'before = figure.dpi, figure.canvas, figure.get_layout_engine(), *figure.get_size_inches()',
        { timeoutSeconds: 60 },
      );
      assert.equal(outcome.end, 'ok', outcome.logs);
      const [shown] = outcome.images;
      assert.ok(shown && outcome.images.length === 1);
      await python.putFile({ path: '/mnt/data/shown.png', bytes: shown });
      const [apart = 0, difference = 0] = (await logs(`${compare}print(*compare("shown.png", "saved.png"))`))
        .split(' ')
        .map(Number);
      assert.ok(apart <= 1, `${apart} pixels larger or smaller`);
      // Thin lines that lie a part of a pixel elsewhere come to 1.6.
      assert.ok(difference < 2, `${difference} of 255 apart`);
      assert.equal(
        await logs(
          'before == (figure.dpi, figure.canvas, figure.get_layout_engine(), *figure.get_size_inches())',
        ),
        'True\n',
      );
    });
  }

  test('the comparison notices a colour, a shift and a size', async () => {
    const plot = (colour: string, width: number) =>
      `plt.figure(figsize=(${width}, 3)); plt.bar([1, 2], [1, 2], color="${colour}"); plt.savefig("${colour}${width}.png"); plt.close()\n`;
    const said = await logs(
      `${compare}${plot('red', 4)}${plot('green', 4)}${plot('red', 5)}print(compare("red4.png", "green4.png"), compare("red4.png", "red5.png"))`,
    );
    const [colours, sizes] = said.split(') (').map((pair) => (pair.match(/[\d.]+/g) ?? []).map(Number));
    assert.ok((colours?.[1] ?? 0) > 10, said);
    assert.ok((sizes?.[0] ?? 0) > 10, said);
  });
});
