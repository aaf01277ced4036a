import type { Translate } from '../core/errorText.ts';
import type { PanelMessage } from '../protocol.ts';
import type { Busy } from './busy.ts';
import type { Clock } from './clock.ts';
import type { ImageStore } from './imageStore.ts';
import type { Memory } from './memory.ts';
import type { Viewer } from './parts/viewer.ts';
import type { Tables } from './tables.ts';

/** A piece of the page that shows a view of type V. */
export interface Part<V> {
  readonly root: HTMLElement;
  /** Shows `view`, touching only what differs from what is shown. */
  update(view: V): void;
  /** Lets go of pictures and clocks; the element is removed by whoever put it there. */
  dispose(): void;
}

/** What parts need of the page around them. */
export interface PanelContext {
  readonly t: Translate;
  /** BCP 47 tag. */
  readonly lang: string;
  readonly post: (message: PanelMessage) => void;
  readonly images: ImageStore;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly busy: Busy;
  readonly viewer: Viewer;
  readonly tables: Tables;
  /** Tells a screen reader something that has no place of its own on the page. */
  readonly say: (words: string) => void;
}

/** A list of parts, one for each view, kept in step by key: what stays is updated, what is gone is disposed of. */
export class PartList<V> {
  readonly #parent: HTMLElement;
  readonly #keyOf: (view: V) => string;
  readonly #create: (view: V) => Part<V>;
  readonly #parts = new Map<string, { readonly part: Part<V>; view: V | undefined }>();

  constructor(parent: HTMLElement, keyOf: (view: V) => string, create: (view: V) => Part<V>) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  update(views: readonly V[]): void {
    const keys = new Set(views.map(this.#keyOf));
    for (const [key, { part }] of this.#parts) {
      if (keys.has(key)) continue;
      part.dispose();
      part.root.remove();
      this.#parts.delete(key);
    }
    let before: Element | null = this.#parent.firstElementChild;
    for (const view of views) {
      const key = this.#keyOf(view);
      let held = this.#parts.get(key);
      if (held === undefined) {
        held = { part: this.#create(view), view: undefined };
        this.#parts.set(key, held);
      }
      if (held.part.root === before) before = before.nextElementSibling;
      else this.#parent.insertBefore(held.part.root, before);
      if (held.view !== view) {
        held.view = view;
        held.part.update(view);
      }
    }
  }

  dispose(): void {
    this.update([]);
  }
}
