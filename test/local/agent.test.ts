import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readTable } from '../../src/local/builtIn/csv.ts';
import { parseTalk } from '../../src/local/builtIn/followUp.ts';
import { parseWish } from '../../src/local/builtIn/parseWish.ts';
import { planChart } from '../../src/local/builtIn/plan.ts';

const SALES = table(
  'sales.csv',
  'date,region,product,units,unit_price,revenue,Discount (%)\n' +
    '2026-01-03,North,Laptop,3,950,2850,5\n2026-02-10,South,Monitor,8,240,1920,0\n2026-03-01,North,Headset,2,80,160,10\n',
);

function table(name: string, text: string) {
  const read = readTable(`/mnt/data/${name}`, name, Buffer.from(text));
  assert.ok(read);
  return read;
}

/** What the rules make of a prompt, or of the last of several, in one line. */
function understood(prompt: string | readonly string[], tables = [SALES]): string {
  const columns = tables.flatMap((one) => one.columns.map((column) => column.name));
  const wish = typeof prompt === 'string' ? parseWish(prompt, columns) : parseTalk(prompt, columns);
  switch (wish?.type) {
    case undefined:
      return 'nothing';
    case 'fibonacci':
      return `fibonacci ${wish.count} ${wish.chart ?? 'list'}`;
    case 'sampleCsv':
      return ['csv', wish.topic, wish.rows, wish.drawn ? 'and a chart' : undefined].filter(Boolean).join(' ');
    case 'otherChart':
      return `other ${wish.name}`;
    case 'chart': {
      const plan = planChart(wish, tables, tables.length > 0);
      if (plan.type === 'sample') return `sample ${plan.kind}: ${plan.sample.topic}`;
      if (plan.type === 'missingColumns') return `missing ${plan.missing.join(', ')}`;
      if (plan.type !== 'table') return plan.type === 'notAChart' ? 'nothing' : plan.type;
      const values = plan.values.map((column) => column.name).join('+') || 'rows';
      const by = plan.by ? (plan.by.period ?? plan.by.column.name) : '-';
      const few = wish.top ? ` top ${wish.top}` : wish.bottom ? ` bottom ${wish.bottom}` : '';
      const where = plan.where ? ` where ${plan.where.column.name} ${plan.where.value}` : '';
      return `${plan.kind} ${plan.aggregate} ${values} by ${by}${few}${where}`;
    }
  }
}

suite('what the rules understand with a CSV', () => {
  const cases: readonly (readonly [prompt: string, expected: string])[] = [
    ['bar chart of revenue by region', 'bar sum revenue by region'],
    ['Draw a bar chart of total revenue per region', 'bar sum revenue by region'],
    ['average revenue per region as bar chart', 'bar mean revenue by region'],
    ['Please show me the mean units by product as a bar chart.', 'bar mean units by product'],
    ['make a bar graph showing the number of rows by region', 'bar count rows by region'],
    ['bar chart by region', 'bar count rows by region'],
    ['count of product by region, bar chart', 'bar count product by region'],
    ['line chart of revenue over month', 'line sum revenue by month'],
    ['Line chart of revenue over time', 'line sum revenue by date'],
    ['plot monthly revenue', 'line sum revenue by month'],
    ['Plot revenue by quarter from the CSV', 'line sum revenue by quarter'],
    ['Plot units by region from the CSV', 'bar sum units by region'],
    ['plot the maximum unit price per product', 'bar max unit_price by product'],
    ['show me a histogram of price', 'histogram count unit_price by -'],
    ['Histogram of unit_price with 20 bins', 'histogram count unit_price by -'],
    ['distribution of revenue', 'histogram count revenue by -'],
    ['scatter plot of revenue vs units', 'scatter sum revenue by units'],
    ['Scatter plot of units and revenue', 'scatter sum revenue by units'],
    [
      'scatter chart showing the relationship between unit price and units',
      'scatter sum units by unit_price',
    ],
    ['plot revenue against units', 'scatter sum revenue by units'],
    ['pie chart of revenue by product', 'pie sum revenue by product'],
    ['Create a pie chart of region', 'pie count rows by region'],
    ['pie chart of the share of revenue by region', 'pie sum revenue by region'],
    ['donut chart of units per region', 'pie sum units by region'],
    ['can you please make a bar chart of the top 5 products by revenue?', 'bar sum revenue by product top 5'],
    ['top 3 regions by units as a bar chart', 'bar sum units by region top 3'],
    ['Draw revenue by region', 'bar sum revenue by region'],
    ['median of `Discount (%)` by region as bar chart', 'bar median Discount (%) by region'],
    ['bar chart of discount by region', 'bar sum Discount (%) by region'],
    ['Visualize revenue and units by region', 'bar sum revenue+units by region'],
    ['line chart of units and revenue by month', 'line sum units+revenue by month'],
    ['Generate a bar chart of sales by region and save as PNG', 'bar sum revenue by region'],
    ['Save a bar chart of revenue by product as chart.png', 'bar sum revenue by product'],
    ['Using sales.csv, draw a bar chart of revenue by region', 'bar sum revenue by region'],
    ['bar chart of revenue by region from other.csv', 'noSuchFile'],
    ['bar chart of REVENUE by Region sorted by revenue', 'bar sum revenue by region'],
    ['plot the data', 'bar sum units by region'],
    ['bar chart of profit by region', 'missing profit'],
    ['bar chart of revenue by planet', 'missing planet'],
    ['Generate a pie chart of market share', 'missing market share'],
    ['bar chart of region by product', 'noNumbers'],
    ['bar chart of revenue without unit price by region', 'missing revenue without unit_price'],
    ['bar chart of 2024 revenue by region', 'missing 2024 revenue'],
    ['bar chart of North revenue by month', 'missing North revenue'],
    ['plot log revenue by region', 'missing log revenue'],
    ['bar chart of the change in revenue by region', 'missing change in revenue'],
    ['bar chart of cumulative revenue by region', 'missing cumulative revenue'],
    ['bar chart of our total revenue by region', 'bar sum revenue by region'],
    ['plot how revenue changes over time', 'line sum revenue by date'],
    ['bar chart of the bottom 2 regions by revenue', 'bar sum revenue by region bottom 2'],
    ['plot the 3 lowest regions by revenue', 'bar sum revenue by region bottom 3'],
    [
      'bar chart of revenue by region where product is Laptop',
      'bar sum revenue by region where product Laptop',
    ],
    ['bar chart of revenue by region where unit price = 80', 'bar sum revenue by region where unit_price 80'],
    ['line chart of revenue by month where date is 2026', 'line sum revenue by month where date 2026'],
    ['bar chart of revenue by region where colour is red', 'missing colour'],
    ['bar chart of revenue by region where units is many', 'missing units'],
    ['average revenue per product', 'bar mean revenue by product'],
    ['total revenue by region', 'bar sum revenue by region'],
    ['total recall by Verhoeven', 'nothing'],
    ['average profit by region', 'nothing'],
    ['average product by region as bar chart', 'noNumbers'],
    ['histogram of region', 'noNumbers'],
    ['bar chart of revenue by region by month', 'twoGroupings'],
    ['bar plot of mean revenue grouped by product and region', 'twoGroupings'],
    ['bar chart of revenue growth by region', 'missing revenue growth'],
    ['bar chart of discount percent by sales region', 'bar sum Discount (%) by region'],
    ['box plot of revenue by region', 'other box plot'],
    ['Bar chart: revenue by region', 'bar sum revenue by region'],
    ['revenue by region (bar chart)', 'bar sum revenue by region'],
    ['region vs revenue bar chart', 'bar sum revenue by region'],
    ['barchart of units by product', 'bar sum units by product'],
    ['What is the total revenue by region as a bar chart?', 'bar sum revenue by region'],
    ['how many rows by region as a bar chart', 'bar count rows by region'],
    ['show the trend of revenue', 'line sum revenue by date'],
    ['make a chart', 'bar sum units by region'],
    ['Plot sales per month from sales.csv, save it to monthly.svg', 'line sum revenue by month'],
    ['What is the average revenue per region?', 'nothing'],
    ['show me the money', 'nothing'],
    ['Draw a cat', 'nothing'],
    ['delete my files', 'nothing'],
    ['summarize the CSV', 'nothing'],
    ['hello', 'nothing'],
    ['draw a heatmap of revenue', 'other heatmap'],
  ];
  for (const [prompt, expected] of cases) {
    test(`${prompt} → ${expected}`, () => assert.equal(understood(prompt), expected));
  }
});

suite('what the rules understand after a bar chart of revenue by region', () => {
  const cases: readonly (readonly [prompt: string, expected: string])[] = [
    ['make it a line chart', 'line sum revenue by region'],
    ['now as a pie chart, please', 'pie sum revenue by region'],
    ['pie chart instead', 'pie sum revenue by region'],
    ['same but by product', 'bar sum revenue by product'],
    ['and by month?', 'bar sum revenue by month'],
    ['what about units?', 'bar sum units by region'],
    ['with units instead of revenue', 'bar sum units by region'],
    ['only the top 2', 'bar sum revenue by region top 2'],
    ['bottom 2', 'bar sum revenue by region bottom 2'],
    ['use the median', 'bar median revenue by region'],
    ['only where product is Laptop', 'bar sum revenue by region where product Laptop'],
    ['save it as svg', 'bar sum revenue by region'],
    ['draw it again', 'bar sum revenue by region'],
    ['histogram of units', 'histogram count units by -'],
    ['make the bars blue', 'nothing'],
    ['by the way, who are you?', 'nothing'],
    ['what is the mean revenue?', 'nothing'],
    ['thanks', 'nothing'],
    ['delete my files', 'nothing'],
    ['why?', 'nothing'],
  ];
  for (const [prompt, expected] of cases) {
    test(`${prompt} → ${expected}`, () =>
      assert.equal(understood(['bar chart of revenue by region', prompt]), expected));
  }

  test('one change after the other, whatever is said in between', () => {
    const talk = ['bar chart of revenue by region', 'by product', 'thanks', 'top 2 only', 'as a pie chart'];
    assert.equal(understood(talk), 'pie sum revenue by product top 2');
  });

  test('sample data too', () => {
    assert.equal(
      understood(['bar chart of sales by quarter', 'as a pie chart'], []),
      'sample pie: sales by quarter',
    );
  });

  test('without a chart before there is nothing to change', () => {
    assert.equal(understood(['hello', 'by product']), 'nothing');
  });
});

suite('what the rules understand without a file', () => {
  const cases: readonly (readonly [prompt: string, expected: string])[] = [
    ['Generate a bar chart of sales by quarter and save as PNG', 'sample bar: sales by quarter'],
    ['Calculate the first 20 fibonacci numbers and plot them', 'fibonacci 20 line'],
    ['Create a CSV with sample sales data', 'csv sales'],
    ['Generate a pie chart of market share', 'sample pie: market share'],
    ['draw a line chart of monthly temperatures', 'sample line: temperature by month'],
    ['plot sales by month', 'sample line: sales by month'],
    ['pie chart of sales by region', 'sample pie: sales by region'],
    ['a scatter plot', 'sample scatter: sales and advertising spend'],
    ['make a histogram', 'sample histogram: order values'],
    ['Make a bar chart with sample data', 'sample bar: sales by quarter'],
    ['bar chart of unicorns by planet', 'noData'],
    ['make a chart', 'noData'],
    ['What does a bar chart show?', 'nothing'],
    ['show me a histogram of price', 'noData'],
    ['bar chart of revenue by region from the CSV', 'noData'],
    ['What are the first 10 Fibonacci numbers?', 'fibonacci 10 list'],
    ['fibonacci numbers up to the first twenty', 'fibonacci 20 list'],
    ['Fibonacci numbers up to 1000', 'fibonacci 17 list'],
    ['Plot the Fibonacci numbers below 13', 'fibonacci 7 line'],
    ['list the Fibonacci numbers up to 1 million', 'fibonacci 31 list'],
    ['list the first 5 Fibonacci numbers up to 1000', 'fibonacci 5 list'],
    ['print up to 20 Fibonacci numbers', 'fibonacci 20 list'],
    ['list the Fibonacci numbers up to infinity', 'nothing'],
    ['total revenue by region', 'nothing'],
    ['Print fibonacci', 'fibonacci 10 list'],
    ['Show the first 15 Fibonacci numbers as a bar chart', 'fibonacci 15 bar'],
    ['Who was Fibonacci?', 'nothing'],
    ['make a csv file with 100 rows of dummy sales data', 'csv sales 100'],
    ['Generate sample temperature data as CSV', 'csv temperature'],
    ['create a csv with sample customer data', 'csv customer'],
    ['Generate sample sales data CSV and create a visualization', 'csv sales and a chart'],
    ['create a csv with 50 rows of sample sales data, then plot it', 'csv sales 50 and a chart'],
    ['make a sample temperature csv and draw a chart of the data', 'csv temperature and a chart'],
    ['What is the capital of France?', 'nothing'],
    ['hello', 'nothing'],
    ['delete my files', 'nothing'],
    ['What is the plot of Hamlet?', 'nothing'],
    ['Where is the nearest bar?', 'nothing'],
    ['bake me an apple pie', 'nothing'],
    ['Draw a cat', 'nothing'],
    ['How do I make a bar chart in matplotlib?', 'nothing'],
    ["don't plot anything", 'nothing'],
    ['Explain what a histogram is', 'nothing'],
    ['write a poem about charts', 'nothing'],
    ['summarize the CSV', 'nothing'],
    ['convert the csv to json', 'nothing'],
    ['line up the results', 'nothing'],
    ['', 'nothing'],
    ['plot', 'nothing'],
    ['graph theory', 'nothing'],
    ['show me the money', 'nothing'],
  ];
  for (const [prompt, expected] of cases) {
    test(`${prompt} → ${expected}`, () => assert.equal(understood(prompt, []), expected));
  }
});

test('a prompt of 1 MB is no wish, at once', () => {
  const prompt = 'bar chart of revenue by '.repeat(45_000);
  assert.ok(took(() => assert.equal(parseWish(prompt), undefined)) < 50);
});

test('long prompts within the limit stay quick', () => {
  const columns = SALES.columns.map((column) => column.name);
  for (const piece of [
    'a ',
    'by ',
    'and ',
    'total of ',
    '"',
    '`a',
    'the data ',
    'fibonacci first ',
    'bar chart ',
    'where a is ',
    ', ',
  ]) {
    const milliseconds = took(() => parseWish(`plot ${piece.repeat(990 / piece.length)}`, columns));
    assert.ok(milliseconds < 500, `"${piece}" took ${milliseconds} ms`);
  }
});

/** How many ms of the processor it takes, whatever else the machine does. */
function took(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
