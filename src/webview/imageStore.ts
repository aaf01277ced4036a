import { type ImageSource, imageKey, type PanelMessage } from '../protocol.ts';

/** How a picture stands. */
export type ImageState =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly url: string }
  | { readonly state: 'failed'; readonly sentence: string };

interface Entry {
  state: ImageState;
  readonly listeners: Set<(state: ImageState) => void>;
}

/** Types that a browser shows without running anything; SVG is not one of them. */
const SAFE_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** The pictures on the page: bytes asked for once each, shown through blob: URLs, freed when nobody shows them. */
export class ImageStore {
  readonly #entries = new Map<string, Entry>();
  readonly #post: (message: PanelMessage) => void;
  readonly #notShowable: string;

  /** @param notShowable the sentence for bytes of a type that is not shown */
  constructor(post: (message: PanelMessage) => void, notShowable: string) {
    this.#post = post;
    this.#notShowable = notShowable;
  }

  /** Follows a picture; the listener hears its state now and whenever it changes, until the returned function is called. */
  follow(source: ImageSource, listener: (state: ImageState) => void): () => void {
    const key = imageKey(source);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { state: { state: 'loading' }, listeners: new Set() };
      this.#entries.set(key, entry);
      this.#post({ type: 'requestImage', source });
    }
    const found = entry;
    found.listeners.add(listener);
    listener(found.state);
    return () => {
      found.listeners.delete(listener);
      if (found.listeners.size > 0) return;
      if (found.state.state === 'ready') URL.revokeObjectURL(found.state.url);
      this.#entries.delete(key);
    };
  }

  receive(key: string, mime: string, bytes: ArrayBuffer): void {
    if (!SAFE_TYPES.has(mime)) {
      this.fail(key, this.#notShowable);
      return;
    }
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.state.state === 'ready') return;
    this.#change(entry, { state: 'ready', url: URL.createObjectURL(new Blob([bytes], { type: mime })) });
  }

  fail(key: string, sentence: string): void {
    const entry = this.#entries.get(key);
    if (entry?.state.state === 'loading') this.#change(entry, { state: 'failed', sentence });
  }

  #change(entry: Entry, state: ImageState): void {
    entry.state = state;
    for (const listener of entry.listeners) listener(state);
  }
}
