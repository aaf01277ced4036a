import type { Locator } from 'playwright-core';
import { readTexts, translations } from '../../scripts/l10n.ts';

/** Every text that a part of a page shows or speaks: text nodes, names, titles, placeholders and descriptions of pictures. */
export function textsIn(part: Locator): Promise<string[]> {
  return part.evaluate((root) => {
    const texts: string[] = [];
    const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent && !parent.closest('script, style, pre, code')) texts.push(node.nodeValue ?? '');
    }
    for (const element of [root, ...root.querySelectorAll('*')])
      for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
        texts.push(element.getAttribute(name) ?? '');
    return [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '');
  });
}

/** Those of the texts that are the extension's own English though the language has another word for it. */
export function leftInEnglish(texts: readonly string[], language: string): readonly string[] {
  const found = translations().find((translation) => translation.language === language);
  if (found === undefined) throw new Error(`no translation into ${language}`);
  const pairs = [
    ...Object.entries(readTexts(found.bundle)),
    ...Object.entries(readTexts('package.nls.json')).map(
      ([key, english]) => [english, readTexts(found.manifest)[key] ?? english] as const,
    ),
  ];
  const english = pairs.filter(([source, text]) => source !== text).map(([source]) => patternOf(source));
  return texts.filter((text) => english.some((pattern) => pattern.test(text)));
}

/** What a text looks like with its holes filled; a hole alone would be any text at all. */
function patternOf(text: string): RegExp {
  const plain = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{\d+\\\}/g, '[^\\n]+');
  return /[A-Za-z]{2}/.test(text.replace(/\{\d+\}/g, '')) ? new RegExp(`^${plain}$`) : /(?!)/;
}
