/** The beginning of a table in a file. */
export interface TablePreview {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** By column: what stands in it are numbers. */
  readonly numeric: readonly boolean[];
  /** Rows in the whole file without its header; undefined where only its beginning was read. */
  readonly rowCount: number | undefined;
  /** Columns in the whole file. */
  readonly columnCount: number;
}

/** Whether the first rows of a file can be shown as a table, by its name. */
export function isTable(filename: string): boolean {
  return /\.(?:csv|tsv)$/i.test(filename);
}
