import type { FileRef } from '../core/citations.ts';
import type { TablePreview } from '../core/tablePreview.ts';
import { type PanelMessage, tableKey } from '../protocol.ts';

/** How the first rows of a file stand; `empty` where it has none. */
export type TableState =
  | { readonly state: 'loading' | 'empty' }
  | { readonly state: 'ready'; readonly table: TablePreview }
  | { readonly state: 'failed'; readonly sentence: string };

/** The tables on the page, each asked for once. */
export class Tables {
  readonly #states = new Map<string, TableState>();
  readonly #listeners = new Map<string, (state: TableState) => void>();
  readonly #post: (message: PanelMessage) => void;

  constructor(post: (message: PanelMessage) => void) {
    this.#post = post;
  }

  /** Asks for a table; the listener hears its state now and at each change, until the returned function is called. */
  follow(file: FileRef, listener: (state: TableState) => void): () => void {
    const key = tableKey(file);
    const known = this.#states.get(key);
    this.#listeners.set(key, listener);
    if (known === undefined) {
      this.#states.set(key, { state: 'loading' });
      const { containerId, fileId, filename } = file;
      this.#post({ type: 'requestTable', containerId, fileId, filename });
    }
    listener(known ?? { state: 'loading' });
    return () => {
      if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
    };
  }

  receive(key: string, state: TableState): void {
    if (!this.#states.has(key)) return;
    this.#states.set(key, state);
    this.#listeners.get(key)?.(state);
  }
}
