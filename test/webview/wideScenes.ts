import { newSession } from '../../src/core/session.ts';
import type { Scene } from './scenes.ts';
import { Script } from './wireEvents.ts';

const WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/** What is wider than any column: tables, lines and words without an end. */
export function wideScenes(): Scene[] {
  const columns = Array.from({ length: 24 }, (_, place) => `column_${place}`);
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [
    row(columns),
    row(columns.map(() => '--:')),
    ...[1, 2, 3].map((factor) => row(columns.map((_, place) => String(place * factor * 1_234.5)))),
  ].join('\n');
  const script = new Script('run1', `${WORD} ${'x'.repeat(400)}`, Date.now() - 20_000, [`${WORD}.csv`])
    .step({
      code: `text = "${'long '.repeat(120)}"  # ${WORD}\n`,
      logs: `${'0123456789'.repeat(80)}\nValueError: ${WORD.repeat(4)}\n`,
    })
    .text(
      `${WORD.repeat(3)}\n\n${table}\n\n- https://example.com/${'path/'.repeat(60)}\n- \`${WORD.repeat(2)}\`\n\n# ${WORD.repeat(2)}\n\n1. > ${'deep '.repeat(80)}\n`,
    )
    .end()
    .files([`${WORD.repeat(2)}.csv`]);
  const session = newSession('s1', { name: `https://${WORD}.example.com`, local: false, model: WORD });
  return [{ name: '40-wide', session, events: script.events }];
}
