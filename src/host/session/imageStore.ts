import { createHash } from 'node:crypto';

export interface StoredImage {
  readonly mime: string;
  readonly bytes: Uint8Array;
}

const DATA_URL = /^data:(image\/(?:png|jpeg|gif|webp));base64,/;

/** The pictures of one session, each held once as bytes. */
export class ImageStore {
  readonly #images = new Map<string, StoredImage>();
  /** Keys by length and edges of a data URL, so that the copy in the terminal response is not decoded again. */
  readonly #known = new Map<string, { readonly url: string; readonly key: string }>();

  /**
   * Takes a picture's data URL.
   *
   * @returns its key; for a data URL that is no picture of a known kind a key without bytes
   */
  intern(dataUrl: string): string {
    const mark = `${dataUrl.length}:${dataUrl.slice(-64)}`;
    const known = this.#known.get(mark);
    if (known?.url === dataUrl) return known.key;
    const mime = DATA_URL.exec(dataUrl)?.[1];
    if (mime === undefined) return 'image:unknown';
    const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
    const key = `image:${createHash('sha256').update(bytes).digest('hex')}`;
    this.#images.set(key, { mime, bytes });
    this.#known.set(mark, { url: dataUrl, key });
    return key;
  }

  get(key: string): StoredImage | undefined {
    return this.#images.get(key);
  }

  /** Lets go of the texts that only serve to recognise copies; called when a run has ended. */
  forgetTexts(): void {
    this.#known.clear();
  }
}
