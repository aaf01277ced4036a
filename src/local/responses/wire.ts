/** Shapes of the Responses API that this gateway sends (https://platform.openai.com/docs/api-reference/responses; recorded answers). */

export interface LogsOutput {
  readonly type: 'logs';
  readonly logs: string;
}

export interface ImageOutput {
  readonly type: 'image';
  /** A data URL. */
  readonly url: string;
}

export interface CallItem {
  readonly id: string;
  readonly type: 'code_interpreter_call';
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly code: string;
  readonly container_id: string;
  /** Null where the request does not include them. */
  readonly outputs: readonly (ImageOutput | LogsOutput)[] | null;
}

export interface FileCitation {
  readonly type: 'container_file_citation';
  readonly container_id: string;
  readonly end_index: number;
  readonly file_id: string;
  readonly filename: string;
  readonly start_index: number;
}

export interface TextContent {
  readonly type: 'output_text';
  readonly annotations: readonly FileCitation[];
  readonly logprobs: readonly never[];
  readonly text: string;
}

export interface MessageItem {
  readonly id: string;
  readonly type: 'message';
  readonly status: 'in_progress' | 'completed' | 'incomplete';
  readonly content: readonly TextContent[];
  readonly role: 'assistant';
}

export type Item = CallItem | MessageItem;

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** One event of a stream: its type, its number, and whatever fields its type has. */
export interface WireEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly [field: string]: unknown;
}
