import type { Translate } from '../../core/errorText.ts';

/** The requests that the panel offers, in English, which the rules read, and in the user's language. */
function offered(t: Translate): readonly (readonly [english: string, text: string])[] {
  return [
    [
      'Generate a bar chart of sales by quarter and save as PNG',
      t('Generate a bar chart of sales by quarter and save as PNG'),
    ],
    [
      'Calculate the first 20 fibonacci numbers and plot them',
      t('Calculate the first 20 fibonacci numbers and plot them'),
    ],
    ['Create a CSV with sample sales data', t('Create a CSV with sample sales data')],
    ['Generate a pie chart of market share', t('Generate a pie chart of market share')],
  ];
}

/** The prompt as the rules read it: in English where it is one of the panel's, whatever its case and marks around it. */
export function inEnglish(prompt: string, t: Translate): string {
  const plain = plainOf(prompt);
  return offered(t).find(([, text]) => plainOf(text) === plain)?.[0] ?? prompt;
}

function plainOf(text: string): string {
  return text
    .slice(0, 200)
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s.!]+/g, ' ')
    .trim();
}
