/** What the rules can understand of a prompt, before it is known what data there is. */
export type Wish = ChartWish | OtherChartWish | FibonacciWish | SampleCsvWish;

export type ChartKind = 'bar' | 'line' | 'pie' | 'scatter' | 'histogram';
export type Aggregate = 'sum' | 'mean' | 'count' | 'min' | 'max' | 'median';

export interface ChartWish {
  readonly type: 'chart';
  /** Undefined where only "plot" or the like is said: then the columns decide, and must be there. */
  readonly kind: ChartKind | undefined;
  /** What is to be drawn, in the prompt's words. */
  readonly values: readonly string[];
  /** What it is grouped by or drawn over. */
  readonly by: string | undefined;
  /** A second grouping, which no rule covers. */
  readonly alsoBy: string | undefined;
  /** `versus`: the two are drawn against each other, where that makes sense. */
  readonly link: 'by' | 'versus' | undefined;
  readonly aggregate: Aggregate | undefined;
  /** How many are drawn: the largest, or the smallest. */
  readonly top: number | undefined;
  readonly bottom: number | undefined;
  /** Which rows count: those where a column, in the prompt's words, holds this. */
  readonly where: { readonly column: string; readonly value: string } | undefined;
  readonly bins: number | undefined;
  /** A CSV's name in the prompt. */
  readonly fileName: string | undefined;
  /** Whether the prompt speaks of data that should be there ("from the CSV", "my data"). */
  readonly aboutData: boolean;
  /** Whether it asks for sample data. */
  readonly sample: boolean;
  /** The name to save the picture under, safe, with its ending. */
  readonly saveAs: string | undefined;
  readonly format: PictureFormat;
}

export type PictureFormat = 'png' | 'svg' | 'pdf' | 'jpg';

/** A kind of chart that no rule covers. */
export interface OtherChartWish {
  readonly type: 'otherChart';
  readonly name: string;
}

export interface FibonacciWish {
  readonly type: 'fibonacci';
  readonly count: number;
  /** Where a limit was given instead of a count, such as `up to 1000`. */
  readonly until: string | undefined;
  readonly chart: 'line' | 'bar' | undefined;
}

export interface SampleCsvWish {
  readonly type: 'sampleCsv';
  /** What the data is to be about, in the prompt's words; empty for anything. */
  readonly topic: string;
  readonly rows: number | undefined;
  readonly saveAs: string | undefined;
  /** Whether a chart of it is asked for too. */
  readonly drawn: boolean;
}
