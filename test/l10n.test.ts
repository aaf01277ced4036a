import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { extract, placeholders, readTexts, translations } from '../scripts/l10n.ts';
import { root } from './support/tools.ts';

const HINT = 'run: npm run l10n, then translate what it names';

describe('texts in the user’s language', () => {
  const { texts, hidden } = extract();

  it('are written out where they are used, so that they can be found', () => {
    assert.deepEqual(hidden, []);
    assert.ok(texts.length > 400);
  });

  it('are all in the bundle, and nothing else is', () => {
    assert.deepEqual(Object.keys(readTexts('l10n/bundle.l10n.json')), texts, HINT);
  });

  it('have one translation at least', () => {
    assert.ok(translations().some(({ language }) => language === 'de'));
  });

  for (const { language, bundle, manifest } of translations()) {
    const bundles = [
      [bundle, Object.fromEntries(texts.map((text) => [text, text]))],
      [manifest, readTexts('package.nls.json')],
    ] as const;
    for (const [file, english] of bundles) {
      it(`are all translated in ${file}, and nothing else is`, () => {
        assert.ok(existsSync(path.join(root, file)));
        const found = readTexts(file);
        assert.deepEqual(
          Object.keys(english).filter((key) => !Object.hasOwn(found, key)),
          [],
          HINT,
        );
        assert.deepEqual(
          Object.keys(found).filter((key) => !Object.hasOwn(english, key)),
          [],
          HINT,
        );
      });

      it(`keep their placeholders, links and ends in ${language} (${file})`, () => {
        // What a command is given may be words to a person.
        const links = (text: string) => [...text.matchAll(/\]\(([^)?]*)/g)].map((match) => match[1]);
        const end = (text: string) => /[.…?]$/.exec(text)?.[0];
        const wrong = Object.entries(readTexts(file)).filter(([key, text]) => {
          const source = english[key] ?? '';
          return (
            text.trim() !== text ||
            text === '' ||
            placeholders(source).join() !== placeholders(text).join() ||
            links(source).join() !== links(text).join() ||
            end(source) !== end(text)
          );
        });
        assert.deepEqual(wrong, []);
      });
    }
  }
});
