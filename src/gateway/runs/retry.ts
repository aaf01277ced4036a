import { GatewayError, type RetryAdvice } from '../../core/errors.ts';
import type { ErrorKind } from '../../core/events.ts';
import type { Clock } from '../clock.ts';
import { errorProperty, rootCause } from '../network/rootCause.ts';

/**
 * What a request does, as far as doing it twice is concerned:
 *
 * - `nothing`: it reads, or removes what can be removed only once.
 * - `run`: it begins a run that ends with its connection.
 * - `unwatchedRun`: it begins a run that may go on without anyone listening, or that says nothing until it is over.
 * - `adds`: it makes something that stays: a container, a file.
 *
 * Neither OpenAI nor LiteLLM knows a repeated run from a new one: the official clients send an `Idempotency-Key` with
 * none of these requests (openai 7.57 on npm and 2.54 on PyPI leave their header for it unset; only their agent events
 * have one), and LiteLLM 1.106 has no word of it. So it depends on what became of the first one. A run in the
 * foreground ends with its connection (https://community.openai.com/t/1362217), so that one whose connection broke
 * before its first byte is not running any more, and the official clients send it again too. One in the background
 * goes on, and one without a stream has mostly been done when its connection breaks: those are sent again only where
 * the server has said that it did not take them, or was never reached. The official clients make no such difference.
 */
export type Effect = 'nothing' | 'run' | 'unwatchedRun' | 'adds';

/** How long a request is tried. */
export interface Patience {
  /** All tries, the first one included. */
  readonly tries: number;
  /** ms from the first try to the beginning of the last one. */
  readonly lasting: number;
}

/** For what shows its waiting: runs, downloads. A rate limit by the minute may ask for all of one. */
export const SHOWN_PATIENCE: Patience = { tries: 5, lasting: 70_000 };
/** For what people wait for without being told. */
export const QUIET_PATIENCE: Patience = { tries: 3, lasting: 10_000 };

/** A failed try, and when the next one begins. */
export interface Waiting {
  readonly error: GatewayError;
  /** Number of the try that comes next. */
  readonly attempt: number;
  /** ms since the epoch. */
  readonly until: number;
}

export interface RetryOptions {
  readonly effect: Effect;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/**
 * Tries until it succeeds, fails for good or patience ends. Yields before each wait; who listens may leave then.
 *
 * @param send one try, given its number from 1
 * @throws what the last try threw; the signal's reason as soon as it is aborted
 */
export async function* persist<T>(
  send: (attempt: number) => Promise<T>,
  { effect, patience, clock, signal }: RetryOptions,
): AsyncGenerator<Waiting, T, void> {
  const deadline = clock.now() + patience.lasting;
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(attempt);
    } catch (error) {
      const again = error instanceof GatewayError && attempt < patience.tries && mayRepeat(error, effect);
      if (!again) throw error;
      const until = error.advice?.at ?? clock.now() + backoff(attempt, clock.random());
      if (until > deadline) throw error;
      yield { error, attempt: attempt + 1, until };
      await clock.sleep(Math.max(0, until - clock.now()), signal);
    }
  }
}

/** The value of {@link persist} for who does not show the waiting. */
export async function persistQuietly<T>(
  send: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const tries = persist(send, options);
  for (;;) {
    const step = await tries.next();
    if (step.done) return step.value;
  }
}

/** ms; doubled from try to try, with up to a quarter taken off by chance, as the official clients do. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
const JITTER = 0.25;

/** ms to wait after a failed try. @param random at least 0, less than 1 */
export function backoff(attempt: number, random: number): number {
  return Math.min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT) * (1 - JITTER * random);
}

/** Kinds of answers that pass by themselves; any other of the same status (a used-up quota, an expired container) does not. */
const PASSING: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['rate_limited', 'server', 'timeout']);

/** Whether a request that failed so may be sent again: it may succeed, and does nothing twice. */
export function mayRepeat(error: GatewayError, effect: Effect): boolean {
  const { status, advice } = error;
  if (status === undefined || advice === undefined) return error.retryable && isSafeUnanswered(error, effect);
  if (advice.should !== undefined) return advice.should;
  if (!PASSING.has(error.kind)) return false;
  switch (status) {
    case 429:
      return true;
    case 501:
    case 505:
      return false;
    // Said by something on the way, which does not know what became of the request: LiteLLM's own time-out is a 408.
    case 408:
    case 502:
    case 504:
    case 522:
    case 524:
      return effect === 'nothing' || effect === 'run';
    case 503:
      return effect !== 'adds' || advice.at !== undefined;
    default:
      return status >= 500 && (effect === 'nothing' || effect === 'run');
  }
}

function isSafeUnanswered(error: GatewayError, effect: Effect): boolean {
  const reached = reachOf(error);
  switch (effect) {
    case 'nothing':
      return reached !== 'nowhere';
    case 'run':
      return reached === 'way' || reached === 'server';
    case 'unwatchedRun':
    case 'adds':
      return reached === 'way';
  }
}

/**
 * How far a request without an answer came: nowhere, for there is no such place; lost on the way, before it was sent;
 * to the server, perhaps; to the server, and bytes came back.
 */
function reachOf(error: GatewayError): 'nowhere' | 'way' | 'server' | 'answer' {
  const cause = rootCause(error);
  const code = errorProperty(cause, 'code');
  switch (error.kind) {
    case 'name_not_found':
      // A name that could not be looked up may be found in a second; one that does not exist will not.
      return code === 'ENOTFOUND' ? 'nowhere' : 'way';
    case 'connection_refused':
    case 'proxy':
    case 'proxy_unreachable':
      return 'way';
    case 'connection_lost':
    case 'timeout':
      if (errorProperty(cause, 'syscall') === 'connect' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'way';
      return bytesReadOf(cause) > 0 ? 'answer' : 'server';
    default:
      return 'answer';
  }
}

/** A library's own error tells the socket's counters apart; a system's error has them where they were put on it. */
function bytesReadOf(cause: unknown): number {
  const socket = errorProperty(cause, 'socket');
  const holder = typeof socket === 'object' && socket !== null ? socket : cause;
  const bytesRead: unknown =
    typeof holder === 'object' && holder !== null ? Reflect.get(holder, 'bytesRead') : 0;
  return typeof bytesRead === 'number' ? bytesRead : 0;
}

/** ms; what asks for more is taken for this. */
const LONGEST_ADVICE = 365 * 24 * 60 * 60 * 1_000;

/** LiteLLM passes the provider's headers on under other names, these among them (seen on 1.106). */
const PASSED_ON = 'llm_provider-';

/**
 * What the headers of a refusal say of trying again: `x-should-retry`, `retry-after-ms`, `retry-after` in seconds or
 * as a date (https://httpwg.org/specs/rfc9110.html#field.retry-after); the gateway's own, else its provider's.
 *
 * @param headers names in lower case
 * @param now ms since the epoch
 */
export function readAdvice(headers: Readonly<Record<string, string>>, now: number): RetryAdvice {
  const asked = headers['x-should-retry'] ?? headers[`${PASSED_ON}x-should-retry`];
  const wait = waitOf(headers, '', now) ?? waitOf(headers, PASSED_ON, now);
  return {
    should: asked === 'true' ? true : asked === 'false' ? false : undefined,
    // No wait at all is no advice: all tries would be spent in an instant.
    at: wait !== undefined && wait > 0 ? now + Math.min(wait, LONGEST_ADVICE) : undefined,
  };
}

function waitOf(headers: Readonly<Record<string, string>>, prefix: string, now: number): number | undefined {
  const ms = amount(headers[`${prefix}retry-after-ms`]);
  if (ms !== undefined) return ms;
  const after = headers[`${prefix}retry-after`];
  const seconds = amount(after);
  if (seconds !== undefined) return seconds * 1_000;
  const date = Date.parse(after ?? '');
  if (Number.isNaN(date)) return undefined;
  // The date is by the server's clock, which may not be ours.
  const theirs = Date.parse(headers[`${prefix}date`] ?? '');
  return date - (Number.isNaN(theirs) ? now : theirs);
}

function amount(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
