import { withoutAttachedFiles } from '../../core/attached.ts';
import type { Agent, AgentEnd, AgentStep, AgentTask, CodeOutcome } from '../agent.ts';
import { noModelAnswer, noPlanAnswer, otherChartAnswer, outcomeAnswer, quote } from './answers.ts';
import { chartCode } from './chartCode.ts';
import { type CsvTable, readTable } from './csv.ts';
import { parseTalk } from './followUp.ts';
import { couldBeProgram, fencedBlocks } from './given.ts';
import { inEnglish, offeredRequest } from './otherLanguages.ts';
import { keepLines, type PastedTable, pastedTable } from './pastedTable.ts';
import { type Pace, paced, pieces } from './pieces.ts';
import { planChart } from './plan.ts';
import { fibonacciCode, MOST_FIBONACCI, sampleChartCode, sampleCsvCode } from './sampleCode.ts';
import type { ChartWish, SampleCsvWish, Wish } from './wish.ts';

export const BUILT_IN = 'built-in';

/** Prompts of the chain that are looked at for the chart that is to be changed. */
const MOST_REMEMBERED = 8;

/** Nothing is tokenised here, so nothing is counted. */
const NO_TOKENS: AgentEnd = { inputTokens: 0, outputTokens: 0 };

type Work = AsyncGenerator<AgentStep, AgentEnd, CodeOutcome | undefined>;

/** Code to run, and what to say once it ran to its end. */
interface Program {
  readonly code: string;
  readonly done: (outcome: CodeOutcome) => string;
}

/** Either programs to run one after the other, or only words. */
type Decision =
  | { readonly programs: readonly Program[]; readonly note?: string }
  | { readonly answer: string };

/**
 * The model that needs none: no AI, but fixed rules. Python in the prompt is run as it is; some requests for charts,
 * sample data and Fibonacci numbers become Python; everything else is told that there is no model.
 *
 * @param pace how long the writing of a program is drawn out at most, in ms: only while Python is still starting
 */
export function builtInAgent(pace: Pace): Agent {
  return { id: BUILT_IN, work: (task, signal) => work(task, signal, pace) };
}

async function* work(task: AgentTask, signal: AbortSignal, pace: Pace): Work {
  // The list of attached files is for models that must be told; what is attached is seen in the container itself.
  const decision = await decide({ ...task, prompt: withoutAttachedFiles(task.prompt) });
  const say = function* (text: string): Generator<AgentStep> {
    for (const delta of pieces(text)) yield { type: 'text', delta };
  };
  const pictures =
    task.pictures > 0 ? '\n\n*The attached picture was not looked at: the built-in model cannot see.*' : '';
  if ('answer' in decision) {
    yield* say(decision.answer + pictures);
    return NO_TOKENS;
  }
  const answers: string[] = [];
  for (const program of decision.programs) {
    // Nobody waits longer than for Python itself.
    const hurry = AbortSignal.any([signal, settled(task.pythonReady())]);
    for await (const delta of paced(program.code, pace, hurry)) yield { type: 'code', delta };
    const outcome = yield { type: 'run' };
    if (outcome === undefined) throw new Error('Code was run and nothing came back.');
    answers.push(outcomeAnswer(outcome, { done: program.done(outcome), withLogs: !task.logsShown }));
    // What follows may build on what failed.
    if (outcome.end !== 'ok') break;
  }
  const skipped = decision.programs.length - answers.length;
  if (skipped > 0) answers.push(`The ${skipped === 1 ? 'block' : `${skipped} blocks`} after it did not run.`);
  if (decision.note !== undefined) answers.push(decision.note);
  yield* say(answers.join('\n\n') + pictures);
  return NO_TOKENS;
}

/** A signal that is aborted when the promise is fulfilled. */
function settled(promise: Promise<void>): AbortSignal {
  const controller = new AbortController();
  void promise.then(() => controller.abort());
  return controller.signal;
}

async function decide(task: AgentTask): Promise<Decision> {
  const decision = (await givenPython(task)) ?? (await fromRules(task));
  if (task.tool !== 'never' || 'answer' in decision) return decision;
  return { answer: 'This needs the code interpreter, which the request does not allow: nothing was run.' };
}

/** Python that stands in the prompt, fenced or as the whole of it. */
async function givenPython(task: AgentTask): Promise<Decision | undefined> {
  const { blocks, unmarked, others, beside } = fencedBlocks(task.prompt);
  const found = [...blocks];
  if (found.length === 0) {
    for (const block of unmarked) {
      if (couldBeProgram(block) && (await mayAsk(task, block))) found.push(block);
    }
  }
  if (found.length > 0) {
    const note =
      beside === ''
        ? undefined
        : '*The words beside the code were not answered: the built-in model is no AI.*';
    return { programs: found.map(given), ...(note === undefined ? {} : { note }) };
  }
  if (others.length > 0 && unmarked.length === 0) {
    return {
      answer: noModelAnswer(
        `Only Python can be run here, and the code is marked as ${quote(others[0] ?? '')}.`,
      ),
    };
  }
  if (couldBeProgram(task.prompt) && (await mayAsk(task, task.prompt))) {
    return { programs: [given(task.prompt)] };
  }
  return undefined;
}

/** Without the tool no Python is started only to judge a text. */
async function mayAsk(task: AgentTask, text: string): Promise<boolean> {
  return task.tool !== 'never' && (await task.isProgram(text));
}

function given(code: string): Program {
  return {
    code,
    done: ({ logs, figures, written }) => {
      const nothing = logs.trim() === '' && figures === 0 && written.length === 0;
      return nothing ? 'The code ran to its end without any output.' : 'The code ran to its end.';
    },
  };
}

async function fromRules(task: AgentTask): Promise<Decision> {
  const pasted = pastedTable(task.prompt);
  const tables = [...(await readTables(task)), ...(pasted ? [pasted.table] : [])];
  const columns = [
    ...new Set(tables.toReversed().flatMap((table) => table.columns.map((column) => column.name))),
  ];
  const question = pasted?.question ?? task.prompt;
  const said = [...earlierPrompts(task).slice(-MOST_REMEMBERED), question];
  const decision = decideWish(parseTalk(said.map(inEnglish), columns), tables, task, pasted);
  const offered = tables.length === 0 ? offeredRequest(question) : undefined;
  if (offered === undefined || 'answer' in decision) return decision;
  return { programs: decision.programs.map(({ code }) => ({ code, done: () => offered.done })) };
}

function decideWish(
  wish: Wish | undefined,
  tables: readonly CsvTable[],
  task: AgentTask,
  pasted: PastedTable | undefined,
): Decision {
  switch (wish?.type) {
    case undefined:
      return { answer: noModelAnswer(undefined, tables.at(-1)) };
    case 'fibonacci': {
      if (wish.count < 1 || wish.count > MOST_FIBONACCI) {
        return { answer: `The built-in rules calculate between 1 and ${MOST_FIBONACCI} Fibonacci numbers.` };
      }
      const { code } = fibonacciCode(wish);
      const what = wish.count === 1 ? 'first Fibonacci number' : `first ${wish.count} Fibonacci numbers`;
      const until = wish.until === undefined ? '' : ` (all ${wish.until})`;
      const done = `Calculated the ${what}${until}${wish.chart === undefined ? '' : ' and plotted them'}.`;
      return { programs: [{ code, done: () => done }] };
    }
    case 'sampleCsv':
      return sampleCsv(wish);
    case 'otherChart':
      return { answer: otherChartAnswer(wish.name, tables.at(-1)) };
    case 'chart':
      return chart(wish, tables, task, pasted);
  }
}

/** What the person wrote before, without the programs. */
function earlierPrompts({ history }: AgentTask): readonly string[] {
  const isProgram = (text: string, at: number) =>
    history[at + 1]?.text === text || fencedBlocks(text).blocks.length > 0;
  return history.flatMap(({ role, text }, at) =>
    role === 'user' && !isProgram(text, at)
      ? [pastedTable(text)?.question ?? withoutAttachedFiles(text)]
      : [],
  );
}

function sampleCsv(wish: SampleCsvWish): Decision {
  const written = sampleCsvCode(wish);
  if (written === undefined) {
    return {
      answer: noModelAnswer(
        `The built-in rules have sample data about sales, market share and temperatures only, none about "${wish.topic}".`,
      ),
    };
  }
  const fewer =
    wish.rows === undefined || wish.rows === written.rows
      ? ''
      : ` It has ${written.rows} rows, not ${wish.rows}: no other number of them can be made here.`;
  const drawn = wish.drawn ? ' and drew a chart of it' : '';
  const done = `Created a CSV file with sample data about ${written.topic}${drawn}.${fewer} The data is made up: it describes nothing real.`;
  return { programs: [{ code: written.code, done: () => done }] };
}

function chart(
  wish: ChartWish,
  tables: readonly CsvTable[],
  task: AgentTask,
  pasted: PastedTable | undefined,
): Decision {
  const attached =
    pasted !== undefined ||
    task.files.some(({ path, source }) => source === 'user' && tables.some((table) => table.path === path));
  const plan = planChart(wish, tables, attached);
  if (plan.type === 'table') {
    const { code, title } = chartCode(plan, wish);
    const rows = plan.table === pasted?.table ? keepLines(pasted) : '';
    return {
      programs: [
        {
          code: rows + code,
          done: () => `${kindName(plan.kind)} of ${lowerFirst(title)}, from ${quote(plan.table.name)}.`,
        },
      ],
    };
  }
  if (plan.type !== 'sample')
    return {
      answer: plan.type === 'notAChart' ? noModelAnswer(undefined, tables.at(-1)) : noPlanAnswer(plan),
    };
  const { code } = sampleChartCode(plan, wish);
  const done = `${kindName(plan.kind)} of ${plan.sample.topic}, drawn from **sample data**: the numbers are made up for this example. Attach a CSV file to draw your own.`;
  return { programs: [{ code, done: () => done }] };
}

function kindName(kind: NonNullable<ChartWish['kind']>): string {
  return {
    bar: 'Bar chart',
    line: 'Line chart',
    pie: 'Pie chart',
    scatter: 'Scatter plot',
    histogram: 'Histogram',
  }[kind];
}

/** "Total revenue …" becomes "total revenue …"; a column's own name stays as it is. */
function lowerFirst(title: string): string {
  return title.replace(/^(?:Total|Average|Number|Lowest|Highest|Median|Distribution)\b/, (word) =>
    word.toLowerCase(),
  );
}

/** The CSV files, those that came with this request last: they count most. */
async function readTables(task: AgentTask): Promise<readonly CsvTable[]> {
  const files = task.files.filter(({ path }) => /\.[ct]sv$/i.test(path));
  const ordered = [...files.filter((file) => !file.attachedNow), ...files.filter((file) => file.attachedNow)];
  const tables: CsvTable[] = [];
  for (const { path, name } of ordered) {
    const table = readTable(path, name, await task.readFile(path));
    if (table) tables.push(table);
  }
  return tables;
}
