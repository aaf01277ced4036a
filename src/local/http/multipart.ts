import { ApiError } from './apiError.ts';

/** One part of a multipart/form-data body (RFC 7578). */
export interface FormPart {
  readonly name: string;
  /** As the client sent it, undefined for a plain field. Hostile: make it safe before use. */
  readonly filename: string | undefined;
  readonly bytes: Buffer;
}

const MOST_PARTS = 32;
/** Long enough for the longest name that a form may bring; it is cut later (`names.ts`). */
const LONGEST_HEAD = 16 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/** The boundary named in a Content-Type header; undefined where this is no multipart/form-data body. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? '')) return undefined;
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70})(?![^\s;]))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

/**
 * Reads a multipart/form-data body that comes in pieces of any size.
 *
 * @param chunks the body; its length is bounded by whoever gives it
 * @returns the parts in their order
 * @throws ApiError 400 where the body is cut or no multipart body
 */
export async function parseMultipart(
  chunks: AsyncIterable<Buffer>,
  boundary: string,
): Promise<readonly FormPart[]> {
  const parser = new MultipartParser(boundary);
  for await (const chunk of chunks) parser.push(chunk);
  return parser.end();
}

type State = 'preamble' | 'afterDelimiter' | 'head' | 'content' | 'epilogue';

class MultipartParser {
  readonly #delimiter: Buffer;
  readonly #parts: FormPart[] = [];
  #state: State = 'preamble';
  // The delimiter starts with a line break, which the first one of a body lacks.
  #rest: Buffer = Buffer.from('\r\n');
  #head: PartHead | undefined;
  #content: Buffer[] = [];

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#step());
  }

  end(): readonly FormPart[] {
    if (this.#state !== 'epilogue') throw malformed('it ends before its last part does');
    return this.#parts;
  }

  /** Takes what it can off the rest; false where it needs more bytes. */
  #step(): boolean {
    switch (this.#state) {
      case 'preamble':
        return this.#upToDelimiter(() => {});
      case 'content':
        return this.#upToDelimiter((bytes) => this.#content.push(bytes));
      case 'afterDelimiter':
        return this.#afterDelimiter();
      case 'head':
        return this.#readHead();
      case 'epilogue':
        this.#rest = Buffer.alloc(0);
        return false;
    }
  }

  #upToDelimiter(take: (bytes: Buffer) => void): boolean {
    const at = this.#rest.indexOf(this.#delimiter);
    if (at < 0) {
      // The last bytes may be the start of a delimiter that the next chunk completes.
      const safe = this.#rest.length - (this.#delimiter.length - 1);
      if (safe > 0) {
        take(this.#rest.subarray(0, safe));
        this.#rest = this.#rest.subarray(safe);
      }
      return false;
    }
    take(this.#rest.subarray(0, at));
    this.#rest = this.#rest.subarray(at + this.#delimiter.length);
    this.#finishPart();
    this.#state = 'afterDelimiter';
    return true;
  }

  #finishPart(): void {
    if (this.#head === undefined) return;
    if (this.#parts.length >= MOST_PARTS) throw malformed(`it has more than ${MOST_PARTS} parts`);
    this.#parts.push({ ...this.#head, bytes: Buffer.concat(this.#content) });
    this.#head = undefined;
    this.#content = [];
  }

  #afterDelimiter(): boolean {
    if (this.#rest.length < 2) return false;
    const two = this.#rest.subarray(0, 2).toString('latin1');
    if (two === '--') {
      this.#state = 'epilogue';
      return true;
    }
    const end = this.#rest.indexOf('\r\n');
    if (end < 0 && this.#rest.length < 256) return false;
    // RFC 2046 allows blanks between a boundary and its line break.
    if (end < 0 || !/^[ \t]*$/.test(this.#rest.subarray(0, end).toString('latin1'))) {
      throw malformed('a boundary is followed by something else');
    }
    // The line break stays: a part without headers has an empty line right here.
    this.#rest = this.#rest.subarray(end);
    this.#state = 'head';
    return true;
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(HEAD_END);
    if (end > LONGEST_HEAD || (end < 0 && this.#rest.length > LONGEST_HEAD)) {
      throw malformed('the headers of a part are too long');
    }
    if (end < 0) return false;
    this.#head = parseHead(this.#rest.subarray(0, end).toString('utf8'));
    this.#rest = this.#rest.subarray(end + HEAD_END.length);
    this.#state = 'content';
    return true;
  }
}

type PartHead = Omit<FormPart, 'bytes'>;

function parseHead(head: string): PartHead {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1];
  if (disposition === undefined) throw malformed('a part does not say which field it is');
  const parameters = new Map<string, string>();
  for (const match of disposition.matchAll(
    /([\w*]{1,40})\s{0,8}=\s{0,8}(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g,
  )) {
    const key = match[1]?.toLowerCase() ?? '';
    if (!parameters.has(key))
      parameters.set(key, match[2] === undefined ? (match[3] ?? '') : unquote(match[2]));
  }
  const name = parameters.get('name');
  if (name === undefined) throw malformed('a part does not say which field it is');
  return { name, filename: extended(parameters.get('filename*')) ?? parameters.get('filename') };
}

/** Browsers and undici write a quote inside a name as %22, curl as a backslash and a quote. */
function unquote(text: string): string {
  return text
    .replace(/\\(["\\])/g, '$1')
    .replace(/%22/g, '"')
    .replace(/%0D/gi, '\r')
    .replace(/%0A/gi, '\n');
}

/** `filename*=UTF-8''…` (RFC 5987), which some clients send beside an ASCII name. */
function extended(value: string | undefined): string | undefined {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(value ?? '')?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function malformed(why: string): ApiError {
  return new ApiError(400, `The multipart/form-data body could not be read: ${why}.`);
}
