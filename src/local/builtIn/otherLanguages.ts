/** A request that the panel offers in another language than English. */
interface OfferedRequest {
  readonly text: string;
  /** The same in English, which the rules read. */
  readonly english: string;
  /** What is said in that language once it is done; only of made-up data and numbers, not of anybody's file. */
  readonly done: string;
}

/** As in `l10n/bundle.l10n.de.json`: a test compares the two. */
const OFFERED: readonly OfferedRequest[] = [
  {
    text: 'Erstelle ein Balkendiagramm des Umsatzes nach Quartal und speichere es als PNG',
    english: 'Generate a bar chart of sales by quarter and save as PNG',
    done: 'Balkendiagramm des Umsatzes nach Quartal, aus **Beispieldaten** gezeichnet: Die Zahlen sind für dieses Beispiel erfunden. Hängen Sie eine CSV-Datei an, um Ihre eigenen zu zeichnen.',
  },
  {
    text: 'Berechne die ersten 20 Fibonacci-Zahlen und zeichne sie',
    english: 'Calculate the first 20 fibonacci numbers and plot them',
    done: 'Die ersten 20 Fibonacci-Zahlen sind berechnet und gezeichnet.',
  },
  {
    text: 'Erstelle eine CSV-Datei mit Beispieldaten zum Umsatz',
    english: 'Create a CSV with sample sales data',
    done: 'Eine CSV-Datei mit Beispieldaten zum Umsatz ist erstellt. Die Daten sind erfunden: Sie beschreiben nichts Wirkliches.',
  },
  {
    text: 'Erstelle ein Kreisdiagramm der Marktanteile',
    english: 'Generate a pie chart of market share',
    done: 'Kreisdiagramm der Marktanteile, aus **Beispieldaten** gezeichnet: Die Zahlen sind für dieses Beispiel erfunden. Hängen Sie eine CSV-Datei an, um Ihre eigenen zu zeichnen.',
  },
];

/** The request of the panel's that a prompt is, whatever its case and the spaces and marks around it. */
export function offeredRequest(prompt: string): OfferedRequest | undefined {
  const plain = plainOf(prompt);
  return OFFERED.find(({ text }) => plainOf(text) === plain);
}

/** The prompt as the rules read it: in English where it is one of the panel's. */
export function inEnglish(prompt: string): string {
  return offeredRequest(prompt)?.english ?? prompt;
}

function plainOf(text: string): string {
  return text
    .slice(0, 200)
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s.!]+/g, ' ')
    .trim();
}
