import { numberIn } from './numbers.ts';
import { parseChart } from './parseChart.ts';
import type { FibonacciWish, SampleCsvWish, Wish } from './wish.ts';

/** Characters; nobody asks for a chart at such length, and the rules stay quick. */
const LONGEST_PROMPT = 1_000;

const POLITENESS =
  /^(?:please|pls|kindly|hi|hello|hey|ok(?:ay)?|now|then|next|also|and|so|great|thanks|thank you|(?:can|could|would|will) you(?: please)?|i(?:'d| would) like (?:you )?to(?: have| see)?|i (?:want|need)(?: you)? to|let(?:'s| us|s))\b[\s,.!:;-]*/i;

const QUESTION =
  /^(?:how\s+(?:do|does|did|can|could|to|would|should|is|are|was|come)|why|explain|define|describe|who|whom|whose|when|where|which|what(?:['’]s|\s+(?:is|are|was|were|does|do|did|if|kind|would))?|is|are|was|does|do|did|should|tell\s+me|translate|summari[sz]e|write\s+(?:me\s+)?(?:an?\s+)?(?:poem|story|essay|song|letter|email)|remember|forget)\b/i;

const AS_CHART =
  /\b(?:as|in|with|using) (?:an? )?(?:(?:bar|line|pie|column|scatter|donut) ?(?:chart|plot|graph)|histogram)\b/i;
const QUESTION_OF_VALUES = /^(?:what(?:['’]s|\s+(?:is|are|was|were))|which\s+(?:is|are))\s+/i;

const REFUSAL =
  /\b(?:don['’]?t|do not|never|without|stop|no need to)\s+(?:plot|draw|chart|graph|make|create|generate|show)/i;

/**
 * What a prompt asks for, as far as fixed rules cover it.
 *
 * @param columns names of the columns that data has, so that a column called `by store` or `Pie` is not taken apart
 * @returns undefined for everything else
 */
export function parseWish(prompt: string, columns: readonly string[] = []): Wish | undefined {
  if (prompt.length > LONGEST_PROMPT) return undefined;
  let text = prompt.replace(/\s+/g, ' ').trim();
  for (let shorter = text.replace(POLITENESS, ''); shorter !== text; shorter = text.replace(POLITENESS, '')) {
    text = shorter;
  }
  const fibonacci = parseFibonacci(text);
  if (fibonacci) return fibonacci;
  // "What is the total revenue by region as a bar chart?" asks for a chart, not for an explanation.
  if (AS_CHART.test(text)) text = text.replace(/^how many\b/i, 'number of').replace(QUESTION_OF_VALUES, '');
  if (QUESTION.test(text) || REFUSAL.test(text)) return undefined;
  return parseSampleCsv(text) ?? parseChart(text, columns);
}

function parseFibonacci(text: string): FibonacciWish | undefined {
  if (!/\bfibonacc?i\b/i.test(text)) return undefined;
  const limit = UP_TO.exec(text);
  const counted =
    numberIn(/\bfirst ([\w-]+)\b/i, text) ??
    numberIn(/\b([\w-]+) (?:first )?fibonacc?i (?:numbers?|values|terms)\b/i, text) ??
    numberIn(/\b(\d+)(?:st|nd|rd|th)\b/i, text) ??
    (limit ? undefined : numberIn(/\b(\d+)\b/, text));
  const most =
    limit?.[2] === undefined
      ? undefined
      : countUpTo(limit[2], limit[3], !/up|most|exc/i.test(limit[1] ?? ''));
  const count = most === undefined || (counted !== undefined && counted < most) ? counted : most;
  const until = count !== undefined && count === most ? limit?.[0] : undefined;
  // A limit in words that are not known here.
  if (limit && count === undefined) return undefined;
  const asked =
    /\b(?:calculate|compute|list|print|show|plot|draw|chart|graph|visuali[sz]e|give|generate|create|make|write|display|find|numbers up)\b/i;
  if (count === undefined && (QUESTION.test(text) || !asked.test(text))) return undefined;
  if (REFUSAL.test(text)) return { type: 'fibonacci', count: count ?? 10, until, chart: undefined };
  const drawn = /\b(?:plot|draw|chart|graph|visuali[sz]e|visuali[sz]ation|figure|diagram)/i.test(text);
  const chart = /\bbars?\b/i.test(text) ? 'bar' : 'line';
  return { type: 'fibonacci', count: count ?? 10, until, chart: drawn ? chart : undefined };
}

/** "Up to 1000" limits the numbers themselves; "up to the first 20" and "up to 20 Fibonacci numbers" count them. */
const UP_TO =
  /\b(up to|until|below|under|less than|smaller than|at most|not exceeding)(?: (\d[\d,]{0,60}\b)(?: (thousand|million|billion)\b)?(?! fibo)| (?!the\b|first\b|\d)[\w-]+)/i;

const FACTORS: Readonly<Record<string, bigint>> = {
  thousand: 1_000n,
  million: 1_000_000n,
  billion: 1_000_000_000n,
};

/** How many Fibonacci numbers there are up to a limit. */
function countUpTo(digits: string, factor: string | undefined, without: boolean): number {
  const limit = BigInt(digits.replaceAll(',', '')) * (FACTORS[factor?.toLowerCase() ?? ''] ?? 1n);
  let count = 0;
  for (let [a, b] = [0n, 1n]; without ? a < limit : a <= limit; [a, b] = [b, a + b]) count++;
  return count;
}

const MAKE = /\b(?:create|make|generate|write|build|produce|export|give me|save|prepare|i need|i want)\b/i;
const SAMPLE = /\b(?:sample|example|dummy|demo|fake|mock|test|random|made-up|toy)\b/i;

/** What comes after "make a CSV": a chart of it. */
const AND_DRAW =
  /(?:,? and|,? then|,)(?: then| also)? (?:(?:create|make|generate|produce|draw|show|plot) (?:me )?(?:an?|some|the) (?:visuali[sz]ation|chart|plot|graph)s?(?: (?:of|from|for) (?:it|that|them|the (?:data|csv|file)))?|(?:plot|draw|chart|graph|visuali[sz]e) (?:it|that|them|the (?:data|csv|file)))[.!]?$/i;

function parseSampleCsv(whole: string): SampleCsvWish | undefined {
  const text = whole.replace(AND_DRAW, '');
  if (!/\bcsv\b/i.test(text) || !MAKE.test(text)) return undefined;
  // A chart from a CSV, or a CSV made out of another.
  if (
    /\b(?:chart|plot|graph|histogram|pie|scatter)\b/i.test(text) ||
    /\bfrom (?:the|my|this|that)\b/i.test(text)
  ) {
    return undefined;
  }
  if (!SAMPLE.test(text) && !/\b(?:sales|temperatures?|weather|market share)\b/i.test(text)) return undefined;
  const saveAs = /\b([\w-]{1,60}\.csv)\b/i.exec(text)?.[1];
  const topic = text
    .replace(/\b[\w-]+\.csv\b/gi, ' ')
    .replace(
      /\b(?:with|of|containing|that has|and)?\s*\d[\d,]*\s*(?:rows|lines|records|entries)(?: of)?\b/gi,
      ' ',
    )
    .replace(new RegExp(`${MAKE.source}|${SAMPLE.source}`, 'gi'), ' ')
    .replace(
      /\b(?:an?|the|me|us|csv|files?|with|of|for|containing|some|data|dataset|data set|called|named|as|to|in|it|and|about|values?|contents?|small|simple|new|please)\b/gi,
      ' ',
    )
    .replace(/[^\p{L}\p{N} ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return {
    type: 'sampleCsv',
    topic,
    rows: numberIn(/\b([\d,]+)\s*(?:rows|lines|records|entries)\b/i, text),
    saveAs,
    drawn: text !== whole,
  };
}
