import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../test/support/tools.ts';

// npm run l10n: writes l10n/bundle.l10n.json from the sources, drops what no source says any more from each
// translation, and names what is still to be translated. People add `"English": "…"` to the translations by hand.

const folder = path.join(root, 'l10n');
const base = 'bundle.l10n.json';

/** A call of `t`, whoever's it is, and its first argument where that is a text written out. */
const CALL =
  /(?<![\w$])(?:[\w$#]+\??\.)*#?t\(\s*(?:('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*([,)])|(?=[^)\s]))/g;

/** Calls that hand on a text which was written out elsewhere, and declarations of such functions. */
const HANDS_ON = new Set(['src/host/errorReport.ts: vscode.l10n.t(text']);

/** The texts that the sources give to be translated, in order; and the calls whose text is not written out. */
export function extract(): { readonly texts: readonly string[]; readonly hidden: readonly string[] } {
  const texts = new Set<string>();
  const hidden: string[] = [];
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join('src', file.replaceAll('\\', '/')))
    // The local gateway speaks the wire's English; what its model answers is for people.
    .filter((file) => file.endsWith('.ts') && !/^src\/local\/(?!builtIn\/)/.test(file))
    .sort();
  for (const file of files) {
    const source = readFileSync(path.join(root, file), 'utf8').replace(/^\s*(?:\*|\/\/|\/\*\*).*$/gm, '');
    for (const match of source.matchAll(CALL)) {
      const [whole, literal] = match;
      if (literal !== undefined) texts.add(textOf(literal));
      else {
        const call = `${file}: ${whole.trim()}${/^[\w.]*/.exec(source.slice(match.index + whole.length))?.[0] ?? ''}`;
        if (!HANDS_ON.has(call)) hidden.push(call);
      }
    }
  }
  return { texts: [...texts].sort(), hidden };
}

/** What a literal of the language means. */
function textOf(literal: string): string {
  const inside = literal
    .slice(1, -1)
    .replace(/\\'/g, "'")
    .replace(/(?<!\\)"/g, '\\"');
  return JSON.parse(literal.startsWith('"') ? literal : `"${inside}"`) as string;
}

/** Each `{0}` of a text, in order. */
export function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{\d+\}/g)].map(([hole]) => hole).sort();
}

/** Texts by key. @param file below the project */
export function readTexts(file: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;
}

/** A language that the extension speaks, and its files below the project. */
export interface Translation {
  readonly language: string;
  readonly bundle: string;
  readonly manifest: string;
}

/** The translations there are: of the sources' texts, and of the manifest's. */
export function translations(): readonly Translation[] {
  return readdirSync(folder).flatMap((file) => {
    const language = /^bundle\.l10n\.([\w-]+)\.json$/.exec(file)?.[1];
    if (language === undefined) return [];
    return [{ language, bundle: `l10n/${file}`, manifest: `package.nls.${language}.json` }];
  });
}

function write(file: string, texts: Readonly<Record<string, string>>): void {
  writeFileSync(path.join(root, file), `${JSON.stringify(texts, undefined, 2)}\n`);
}

function update(): number {
  const { texts } = extract();
  write(path.posix.join('l10n', base), Object.fromEntries(texts.map((text) => [text, text])));
  let missing = 0;
  for (const { bundle, manifest, language } of translations()) {
    const known = readTexts(bundle);
    write(bundle, Object.fromEntries(texts.flatMap((text) => (known[text] ? [[text, known[text]]] : []))));
    const own = existsSync(path.join(root, manifest)) ? readTexts(manifest) : {};
    const left = [
      ...texts.filter((text) => !known[text]),
      ...Object.keys(readTexts('package.nls.json')).filter((key) => !own[key]),
    ];
    for (const text of left) process.stdout.write(`${language}: ${JSON.stringify(text)}\n`);
    missing += left.length;
  }
  process.stdout.write(`${texts.length} texts, ${missing} translations missing\n`);
  return missing;
}

if (process.argv[1] === import.meta.filename) process.exitCode = update() === 0 ? 0 : 1;
