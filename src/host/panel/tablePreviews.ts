import type { FileRef } from '../../core/citations.ts';
import type { TablePreview } from '../../core/tablePreview.ts';
import { readStart } from '../../gateway/files/content.ts';
import { type HostMessage, tableKey } from '../../protocol.ts';
import { explain } from '../errorReport.ts';
import type { Gateway } from '../gateways/gateways.ts';
import { describeForLog, type Log } from '../log.ts';

/** Bytes of a file that are read for its first rows. */
const READ = 64 * 1024;

/** Tables that are kept. */
const MOST_KEPT = 100;

/** The first rows of files in containers, each read once: every look at a container counts as a use of it. */
export class TablePreviews {
  readonly #kept = new Map<string, TablePreview>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** What the panel is told of a file. @param gateway that of its container */
  async answer(file: FileRef, gateway: () => Promise<Gateway>): Promise<HostMessage> {
    const key = tableKey(file);
    try {
      return { type: 'table', key, table: await this.#read(file, gateway) };
    } catch (error) {
      // Told where the table would be; a notification would say it a second time.
      this.#log.warn(describeForLog(error));
      return { type: 'tableFailed', key, sentence: explain(error).sentence };
    }
  }

  async #read(file: FileRef, gateway: () => Promise<Gateway>): Promise<TablePreview | undefined> {
    const key = tableKey(file);
    const known = this.#kept.get(key);
    if (known) return known;
    const { client } = await gateway();
    const { bytes, whole } = await readStart(await client.fileContent(file), READ);
    const { csvPreview } = await import('./csvPreview.ts');
    const table = csvPreview(new TextDecoder().decode(bytes), whole);
    if (table === undefined) return undefined;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, table);
    return table;
  }
}
