import type { ErrorKind } from '../../src/core/events.ts';

/** Forms of errors by the kind that each must be told as. */
export type ErrorShapes = Readonly<Partial<Record<ErrorKind, readonly ErrorShape[]>>>;

/** What a gateway answers to one request, or tells in the stream of a run. */
export interface ErrorShape {
  readonly what: string;
  /** 200 where it is not said. */
  readonly status?: number;
  /** `application/json` for objects and `text/plain` for texts where it is not said. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  /** The events of a stream, instead of a body. */
  readonly events?: readonly object[];
  /** Which request is answered so; a run where it is not said. */
  readonly request?: 'files' | 'containers' | 'content';
}

/** OpenAI's form. */
export const openai = (message: string, more: object = {}) => ({
  error: { message, type: 'invalid_request_error', param: null, code: null, ...more },
});
/** LiteLLM's form: `code` is the HTTP status in a string. */
export const litellm = (message: string, type: string | null, code: string) => ({
  error: { message, type, param: null, code },
});
/** What LiteLLM 1.106.2 made of a provider's error in the runs of a test. */
export const AFTERWORD =
  "\n\nLiteLLM: model group 'm' failed with the error above. No fallback was attempted.";
export const through = (name: string, told: object, provider = 'OpenAIException') =>
  `litellm.${name}: ${provider} - ${JSON.stringify(told)}${AFTERWORD}`;

export const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } };
export const failed = (error: object | null) => ({
  type: 'response.failed',
  response: { id: 'resp_1', status: 'failed', error },
});
export const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body></body></html>`;
