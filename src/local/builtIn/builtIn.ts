import { withoutAttachedFiles } from '../../core/attached.ts';
import type { Translate } from '../../core/errorText.ts';
import { english } from '../../core/translate.ts';
import type { Agent, AgentEnd, AgentStep, AgentTask, CodeOutcome } from '../agent.ts';
import { noModelAnswer, noPlanAnswer, otherChartAnswer, outcomeAnswer, quote } from './answers.ts';
import { chartCode } from './chartCode.ts';
import { type CsvTable, readTable } from './csv.ts';
import { parseTalk } from './followUp.ts';
import { couldBeProgram, fencedBlocks } from './given.ts';
import { inEnglish } from './otherLanguages.ts';
import { keepLines, type PastedTable, pastedTable } from './pastedTable.ts';
import { type Pace, paced, pieces } from './pieces.ts';
import { planChart } from './plan.ts';
import { fibonacciCode, MOST_FIBONACCI, sampleChartCode, sampleCsvCode } from './sampleCode.ts';
import { sampleWords } from './sampleWords.ts';
import type { ChartWish, SampleCsvWish } from './wish.ts';

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
 * @param t gives its answers in the user's language
 */
export function builtInAgent(pace: Pace, t: Translate = english): Agent {
  return { id: BUILT_IN, work: (task, signal) => work({ ...task, t }, signal, pace) };
}

/** What is to be done, and the language to answer in. */
interface Task extends AgentTask {
  readonly t: Translate;
}

async function* work(task: Task, signal: AbortSignal, pace: Pace): Work {
  const { t } = task;
  // The list of attached files is for models that must be told; what is attached is seen in the container itself.
  const decision = await decide({ ...task, prompt: withoutAttachedFiles(task.prompt) });
  const say = function* (text: string): Generator<AgentStep> {
    for (const delta of pieces(text)) yield { type: 'text', delta };
  };
  const pictures =
    task.pictures > 0
      ? `\n\n*${t('The attached picture was not looked at: the built-in model cannot see.')}*`
      : '';
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
    answers.push(outcomeAnswer(outcome, { done: program.done(outcome), withLogs: !task.logsShown }, t));
    // What follows may build on what failed.
    if (outcome.end !== 'ok') break;
  }
  const skipped = decision.programs.length - answers.length;
  if (skipped === 1) answers.push(t('The block after it did not run.'));
  if (skipped > 1) answers.push(t('The {0} blocks after it did not run.', String(skipped)));
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

async function decide(task: Task): Promise<Decision> {
  const decision = (await givenPython(task)) ?? (await fromRules(task));
  if (task.tool !== 'never' || 'answer' in decision) return decision;
  const { t } = task;
  return { answer: t('This needs the code interpreter, which the request does not allow: nothing was run.') };
}

/** Python that stands in the prompt, fenced or as the whole of it. */
async function givenPython(task: Task): Promise<Decision | undefined> {
  const { t } = task;
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
        : `*${t('The words beside the code were not answered: the built-in model is no AI.')}*`;
    return { programs: found.map((code) => given(code, t)), ...(note === undefined ? {} : { note }) };
  }
  if (others.length > 0 && unmarked.length === 0) {
    return {
      answer: noModelAnswer(
        t,
        t('Only Python can be run here, and the code is marked as {0}.', quote(others[0] ?? '')),
      ),
    };
  }
  if (couldBeProgram(task.prompt) && (await mayAsk(task, task.prompt))) {
    return { programs: [given(task.prompt, t)] };
  }
  return undefined;
}

/** Without the tool no Python is started only to judge a text. */
async function mayAsk(task: AgentTask, text: string): Promise<boolean> {
  return task.tool !== 'never' && (await task.isProgram(text));
}

function given(code: string, t: Translate): Program {
  return {
    code,
    done: ({ logs, figures, written }) => {
      const nothing = logs.trim() === '' && figures === 0 && written.length === 0;
      return nothing ? t('The code ran to its end without any output.') : t('The code ran to its end.');
    },
  };
}

async function fromRules(task: Task): Promise<Decision> {
  const pasted = pastedTable(task.prompt);
  const tables = [...(await readTables(task)), ...(pasted ? [pasted.table] : [])];
  const columns = [
    ...new Set(tables.toReversed().flatMap((table) => table.columns.map((column) => column.name))),
  ];
  const question = pasted?.question ?? task.prompt;
  const said = [...earlierPrompts(task).slice(-MOST_REMEMBERED), question];
  const { t } = task;
  const read = said.map((prompt) => inEnglish(prompt, t));
  const wish = parseTalk(read, columns);
  switch (wish?.type) {
    case undefined:
      return { answer: noModelAnswer(t, undefined, tables.at(-1)) };
    case 'fibonacci': {
      if (wish.count < 1 || wish.count > MOST_FIBONACCI) {
        return {
          answer: t(
            'The built-in rules calculate between 1 and {0} Fibonacci numbers.',
            String(MOST_FIBONACCI),
          ),
        };
      }
      const { code } = fibonacciCode(wish, t);
      const numbers =
        wish.count === 1
          ? t('the first Fibonacci number')
          : t('the first {0} Fibonacci numbers', String(wish.count));
      const what = wish.until === undefined ? numbers : `${numbers} (${t('all {0}', wish.until)})`;
      const done =
        wish.chart === undefined ? t('Calculated {0}.', what) : t('Calculated {0} and plotted them.', what);
      return { programs: [{ code, done: () => done }] };
    }
    case 'sampleCsv':
      return sampleCsv(wish, t);
    case 'otherChart':
      return { answer: otherChartAnswer(t, wish.name, tables.at(-1)) };
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

function sampleCsv(wish: SampleCsvWish, t: Translate): Decision {
  const written = sampleCsvCode(wish, t);
  if (written === undefined) {
    return {
      answer: noModelAnswer(
        t,
        t(
          'The built-in rules have sample data about sales, market share and temperatures only, none about "{0}".',
          wish.topic,
        ),
      ),
    };
  }
  const topic = sampleWords(written.topic, t);
  const sentences = [
    wish.drawn
      ? t('Created a CSV file with sample data about {0} and drew a chart of it.', topic)
      : t('Created a CSV file with sample data about {0}.', topic),
  ];
  if (wish.rows !== undefined && wish.rows !== written.rows) {
    const counts = [String(written.rows), String(wish.rows)];
    sentences.push(t('It has {0} rows, not {1}: no other number of them can be made here.', ...counts));
  }
  sentences.push(t('The data is made up: it describes nothing real.'));
  return { programs: [{ code: written.code, done: () => sentences.join(' ') }] };
}

function chart(
  wish: ChartWish,
  tables: readonly CsvTable[],
  task: Task,
  pasted: PastedTable | undefined,
): Decision {
  const { t } = task;
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
          done: () =>
            t('{0} of {1}, from {2}.', kindName(plan.kind, t), lowerFirst(title), quote(plan.table.name)),
        },
      ],
    };
  }
  if (plan.type !== 'sample')
    return {
      answer: plan.type === 'notAChart' ? noModelAnswer(t, undefined, tables.at(-1)) : noPlanAnswer(t, plan),
    };
  const { code } = sampleChartCode(plan, wish, t);
  const done = t(
    '{0} of {1}, drawn from **sample data**: the numbers are made up for this example. Attach a CSV file to draw your own.',
    kindName(plan.kind, t),
    sampleWords(plan.sample.topic, t),
  );
  return { programs: [{ code, done: () => done }] };
}

function kindName(kind: NonNullable<ChartWish['kind']>, t: Translate): string {
  return {
    bar: t('Bar chart'),
    line: t('Line chart'),
    pie: t('Pie chart'),
    scatter: t('Scatter plot'),
    histogram: t('Histogram'),
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
