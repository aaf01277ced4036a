/** Bytes that stand in a request as text. */
export interface SentData {
  /** Of a data URL, in lower case. */
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
}

/** The bytes of a base64 data URL, or of bare base64; undefined where the text is neither. */
export function decodeData(text: string): SentData | undefined {
  const head = /^data:([^,;]{0,100})(?:;[^,;]{0,100})*?;base64,/i.exec(text.slice(0, 1_000));
  if (head === null && /^data:/i.test(text)) return undefined;
  const base64 = text.slice(head?.[0].length ?? 0).replace(/\s+/g, '');
  // Node would leave out what is no base64 and say nothing.
  if (base64.length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  return { mediaType: head?.[1]?.toLowerCase(), bytes: Buffer.from(base64, 'base64') };
}

/** How pictures begin, as Latin-1. */
const IMAGES: readonly (readonly [extension: string, start: RegExp])[] = [
  ['png', /^\x89PNG\r\n/],
  ['jpg', /^\xff\xd8\xff/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
];

/** The usual extension for a picture's bytes; undefined where they are none that the hosted service takes. */
export function imageExtension(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return IMAGES.find(([, pattern]) => pattern.test(start))?.[0];
}
