import type { Translate } from '../../core/errorText.ts';
import type { Sample } from './samples.ts';

/** What sample data is about, the title of its chart or the label of an axis, in the user's language. */
export function sampleWords(text: string, t: Translate): string {
  const known: Readonly<Record<string, string>> = {
    sales: t('sales'),
    'sales by quarter': t('sales by quarter'),
    'sales by month': t('sales by month'),
    'sales by region': t('sales by region'),
    'sales by product': t('sales by product'),
    'market share': t('market share'),
    'temperature by month': t('temperature by month'),
    'sales and advertising spend': t('sales and advertising spend'),
    'order values': t('order values'),
    'Sales by quarter (sample data)': t('Sales by quarter (sample data)'),
    'Sales by month (sample data)': t('Sales by month (sample data)'),
    'Sales by region (sample data)': t('Sales by region (sample data)'),
    'Sales by product (sample data)': t('Sales by product (sample data)'),
    'Market share (sample data)': t('Market share (sample data)'),
    'Average temperature by month (sample data)': t('Average temperature by month (sample data)'),
    'Sales and advertising spend (sample data)': t('Sales and advertising spend (sample data)'),
    'Order values (sample data)': t('Order values (sample data)'),
    'Revenue by region (sample data)': t('Revenue by region (sample data)'),
    Quarter: t('Quarter'),
    Month: t('Month'),
    Region: t('Region'),
    Product: t('Product'),
    Company: t('Company'),
    Order: t('Order'),
    Revenue: t('Revenue'),
    'Sales (thousand $)': t('Sales (thousand $)'),
    'Market share (%)': t('Market share (%)'),
    'Average temperature (°C)': t('Average temperature (°C)'),
    'Advertising spend (thousand $)': t('Advertising spend (thousand $)'),
    'Order value ($)': t('Order value ($)'),
  };
  return known[text] ?? text;
}

/** What a chart shows; its data may also come from elsewhere than a list of literals. */
export type Drawn = Pick<Sample, 'title' | 'x' | 'y'>;

/** The same with its words in the user's language. */
export function inWords({ title, x, y }: Drawn, t: Translate): Drawn {
  const axis = (one: Sample['x']) => ({ ...one, label: sampleWords(one.label, t) });
  return { title: sampleWords(title, t), x: axis(x), y: axis(y) };
}
