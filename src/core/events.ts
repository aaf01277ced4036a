/**
 * The events of one run, as the rest of the program sees them: a closed union of trusted, immutable values.
 * {@link parseEvent} in `parse.ts` is the only place that makes them from what a server sent.
 *
 * Event names are the Responses API's own
 * (https://platform.openai.com/docs/api-reference/responses-streaming).
 */

/** Entries kept of any list: items of a run, outputs of a step, parts of a message, citations of a part. */
export const LONGEST_LIST = 1_000;

/** What a code interpreter call printed or drew. `url` of an image is a data URL, or an opaque key once interned. */
export type StepOutput =
  | { readonly type: 'logs'; readonly logs: string }
  | { readonly type: 'image'; readonly url: string };

/** Status of an output item on the wire; `interpreting` is added by the event of that name. */
export type ItemStatus = 'in_progress' | 'interpreting' | 'completed' | 'incomplete' | 'failed';

/** A file in a container that the answer refers to; indices are UTF-16 offsets into the message's text. */
export interface Citation {
  readonly containerId: string;
  readonly fileId: string;
  readonly filename: string;
  readonly startIndex: number;
  readonly endIndex: number;
}

export interface CodeInterpreterCall {
  readonly type: 'code_interpreter_call';
  readonly id: string;
  readonly status: ItemStatus | undefined;
  /** Absent when the server sent none: what the deltas brought then stays. */
  readonly code: string | undefined;
  readonly containerId: string | undefined;
  /** Absent when the server sent none or null. */
  readonly outputs: readonly StepOutput[] | undefined;
}

export interface OutputMessage {
  readonly type: 'message';
  readonly id: string;
  readonly status: ItemStatus | undefined;
  readonly parts: readonly TextPart[];
}

/** One part of a message; a refusal is text that the model gives instead of an answer. */
export interface TextPart {
  readonly text: string;
  readonly refusal: boolean;
  readonly citations: readonly Citation[];
}

/** An item that is not ours to show (reasoning, other tools). `wireType` is the server's name for it. */
export interface OtherItem {
  readonly type: 'other';
  readonly wireType: string;
}

export type OutputItem = CodeInterpreterCall | OutputMessage | OtherItem;

export interface Usage {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly totalTokens: number | undefined;
  /** US dollars, only where the gateway reports it (LiteLLM: `usage.cost`). */
  readonly cost: number | undefined;
}

/** An error as the server words it, inside a stream or in a response object. */
export interface WireError {
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly message: string | undefined;
}

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** The response object that opens and closes a stream, or that a plain request answers with. */
export interface ResponseObject {
  readonly id: string | undefined;
  readonly status: ResponseStatus | undefined;
  readonly model: string | undefined;
  readonly output: readonly OutputItem[] | undefined;
  readonly usage: Usage | undefined;
  readonly error: WireError | undefined;
  readonly incompleteReason: string | undefined;
}

/** Where an event belongs. Servers leave either out or send nonsense, so both may be missing; the reducer copes. */
export interface AtItem {
  readonly outputIndex: number | undefined;
  readonly itemId: string | undefined;
}

interface AtPart extends AtItem {
  readonly contentIndex: number;
}

/** One parsed event of a stream. */
export type StreamEvent = WireEvent & {
  /** Its number in the stream, where the server counts: what a broken stream is resumed after. */
  readonly sequence?: number | undefined;
};

type WireEvent =
  | {
      readonly type: 'response.created' | 'response.queued' | 'response.in_progress';
      readonly response: ResponseObject;
    }
  | {
      readonly type: 'response.completed' | 'response.incomplete' | 'response.failed' | 'response.cancelled';
      readonly response: ResponseObject;
    }
  | (AtItem & {
      readonly type: 'response.output_item.added' | 'response.output_item.done';
      readonly item: OutputItem;
    })
  | (AtItem & { readonly type: 'response.code_interpreter_call_code.delta'; readonly delta: string })
  | (AtItem & { readonly type: 'response.code_interpreter_call_code.done'; readonly code: string })
  | (AtItem & {
      readonly type:
        | 'response.code_interpreter_call.in_progress'
        | 'response.code_interpreter_call.interpreting'
        | 'response.code_interpreter_call.completed';
    })
  | (AtPart & {
      readonly type: 'response.output_text.delta' | 'response.refusal.delta';
      readonly delta: string;
    })
  | (AtPart & {
      readonly type: 'response.output_text.done' | 'response.refusal.done';
      readonly text: string;
    })
  | (AtPart & { readonly type: 'response.output_text.annotation.added'; readonly citation: Citation })
  | (AtPart & {
      readonly type: 'response.content_part.added' | 'response.content_part.done';
      readonly part: TextPart;
    })
  | { readonly type: 'error'; readonly error: WireError }
  /** A well-formed event that this program has no use for, or a malformed one of a known type. */
  | { readonly type: 'unknown'; readonly wireType: string; readonly malformed: boolean };

/** How a run ended where the server did not say it: decided by the client, carried like any event. */
export type EndEvent =
  | { readonly type: 'run.cut'; readonly error: RunError }
  | { readonly type: 'run.failed'; readonly error: RunError }
  | { readonly type: 'run.cancelled' };

/** The request was not taken and is about to be sent again: decided by the client. Any later event ends the wait. */
export interface WaitEvent {
  readonly type: 'run.waiting';
  /** Why it was not taken. */
  readonly error: RunError;
  /** Number of the try that comes next: 2 for the first repetition. */
  readonly attempt: number;
  /** When that begins, ms since the epoch. */
  readonly until: number;
}

/** A run that was cut is listened to again: decided by the client, before what the server says of it. */
export interface ResumeEvent {
  readonly type: 'run.resumed';
}

/** Everything that {@link reduceRun} understands. */
export type RunEvent = StreamEvent | EndEvent | WaitEvent | ResumeEvent;

/**
 * Why a run or a request did not succeed. A closed list: each kind has one sentence for the user
 * (`errorText.ts`).
 */
export type ErrorKind =
  | 'address_invalid'
  | 'admin_only'
  | 'answers_gone'
  | 'bad_request'
  | 'ca_file'
  | 'client_certificate'
  | 'client_certificate_needed'
  | 'connection_lost'
  | 'connection_refused'
  | 'container_expired'
  | 'content_refused'
  | 'file_changed'
  | 'key_missing'
  | 'key_not_allowed'
  | 'key_rejected'
  | 'local_gateway'
  | 'model_unknown'
  | 'name_not_found'
  | 'no_code_interpreter'
  | 'no_local_python'
  | 'not_an_api'
  | 'not_found'
  | 'not_understood'
  | 'not_yours'
  | 'other_gateway'
  | 'passphrase'
  | 'provider_key'
  | 'proxy'
  | 'proxy_auth'
  | 'proxy_tls'
  | 'proxy_unreachable'
  | 'quota'
  | 'rate_limited'
  | 'redirected'
  | 'route_missing'
  | 'server'
  | 'stream_cut'
  | 'timeout'
  | 'tls'
  | 'tls_failed'
  | 'too_large'
  | 'window_closed'
  | 'wrong_scheme';

/** A failure as plain data: what crosses to the panel and into storage. */
export interface RunError {
  readonly kind: ErrorKind;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  readonly requestId?: string;
  /** The server's own words: one line, at most 300 characters, keys removed. */
  readonly detail?: string;
  /** When the server wants to be asked again, ms since the epoch, where it said so. */
  readonly retryAt?: number;
}
