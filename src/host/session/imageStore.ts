import { createHash } from 'node:crypto';
import type { StoredPicture } from '../../core/stored/storedSession.ts';

export interface StoredImage {
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** Reads the bytes of a stored picture by their SHA-256; undefined where they are gone. */
export type LoadBytes = (sha256: string) => Promise<Uint8Array | undefined>;

const DATA_URL = /^data:(image\/(?:png|jpeg|gif|webp));base64,/;

/** The pictures of one session, each held once as bytes, or on disk until somebody looks at it. */
export class ImageStore {
  /** By key. */
  readonly #pictures = new Map<string, StoredPicture>();
  /** By SHA-256. */
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #load: LoadBytes;
  /** Keys by length and edges of a data URL, so that the copy in the terminal response is not decoded again. */
  readonly #known = new Map<string, { readonly url: string; readonly key: string }>();

  /** @param stored pictures whose bytes `load` gives */
  constructor(stored: readonly StoredPicture[] = [], load: LoadBytes = () => Promise.resolve(undefined)) {
    for (const picture of stored) this.#pictures.set(picture.key, picture);
    this.#load = load;
  }

  /** All there are, in the order they came. */
  get pictures(): readonly StoredPicture[] {
    return [...this.#pictures.values()];
  }

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
    const key = `image:${hash(bytes)}`;
    this.keep(key, { mime, bytes });
    this.#known.set(mark, { url: dataUrl, key });
    return key;
  }

  /** Takes a picture under a key of its own, such as that of a file, which may go with its container. */
  keep(key: string, { mime, bytes }: StoredImage): void {
    const sha256 = hash(bytes);
    this.#pictures.set(key, { key, mime, sha256, size: bytes.byteLength });
    this.#bytes.set(sha256, bytes);
  }

  async get(key: string): Promise<StoredImage | undefined> {
    const picture = this.#pictures.get(key);
    if (picture === undefined) return undefined;
    const bytes = this.bytesOf(picture.sha256) ?? (await this.#load(picture.sha256));
    return bytes && { mime: picture.mime, bytes };
  }

  /** Bytes that came since the session was opened; undefined for those that are on disk. */
  bytesOf(sha256: string): Uint8Array | undefined {
    return this.#bytes.get(sha256);
  }

  /** Lets go of the texts that only serve to recognise copies; called when a run has ended. */
  forgetTexts(): void {
    this.#known.clear();
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
