import type { Container, ContainerOutcome } from '../containers/container.ts';
import type { FileRecord } from '../containers/records.ts';
import { newId } from '../ids.ts';
import { citationsOf } from './citations.ts';
import type { ResponseRecord } from './record.ts';
import type { CallItem, ImageOutput, Item, LogsOutput, MessageItem, TextContent } from './wire.ts';

/** What is being written now. */
interface OpenMessage {
  readonly kind: 'message';
  readonly id: string;
  text: string;
}

interface OpenCall {
  readonly kind: 'call';
  readonly id: string;
  readonly containerId: string;
  code: string;
}

/**
 * Writes a response: its items, and for each change the events that tell it, in the order and with the fields of
 * the recorded streams.
 */
export class ResponseWriter {
  readonly #record: ResponseRecord;
  #open: OpenMessage | OpenCall | undefined;
  /** Drawn since the last message, to be cited by the next. */
  #figures: FileRecord[] = [];

  constructor(record: ResponseRecord) {
    this.#record = record;
  }

  /** An event that carries the response as it is now. */
  state(type: string): void {
    this.#emit(type, { response: this.#record.toWire(this.#record.request.withOutputs) });
  }

  error(error: { readonly type: string; readonly code: string | null; readonly message: string }): void {
    const { type, code, message } = error;
    this.#emit('error', { error: { type, code, message, param: null } });
  }

  /** Adds to the answer; opens a message where none is open. */
  text(delta: string): void {
    if (delta === '') return;
    if (this.#open?.kind === 'call') throw new Error('Text inside a code call that was not run.');
    const message = this.#open?.kind === 'message' ? this.#open : this.#openMessage();
    message.text += delta;
    this.#emit('response.output_text.delta', {
      ...this.#at(message.id),
      content_index: 0,
      delta,
      logprobs: [],
    });
  }

  /** Adds to the code of a call; opens one where none is open. A message must have been closed before. */
  code(delta: string, container: Container): void {
    if (delta === '') return;
    const call = this.#open?.kind === 'call' ? this.#open : this.#openCall(container);
    call.code += delta;
    this.#emit('response.code_interpreter_call_code.delta', { ...this.#at(call.id), delta });
  }

  /** Says that the call's code is complete and runs now. @returns the code */
  interpreting(): string {
    if (this.#open?.kind !== 'call') return '';
    const { id, code } = this.#open;
    this.#emit('response.code_interpreter_call_code.done', { ...this.#at(id), code });
    this.#emit('response.code_interpreter_call.interpreting', this.#at(id));
    return code;
  }

  /** Ends the call with what came of it. */
  ran(outcome: ContainerOutcome): void {
    if (this.#open?.kind !== 'call') return;
    const status = callStatus(outcome);
    this.#figures.push(...outcome.figures.map((figure) => figure.record));
    if (status === 'completed')
      this.#emit('response.code_interpreter_call.completed', this.#at(this.#open.id));
    this.#close({ ...callItem(this.#open, status), outputs: outputsOf(outcome) });
  }

  /** Ends an open message, with its citations. */
  endMessage(container: Container | undefined, status: 'completed' | 'incomplete' = 'completed'): void {
    if (this.#open?.kind !== 'message') return;
    const { id, text } = this.#open;
    const annotations =
      container === undefined ? [] : citationsOf(text, container.id, this.#figures, container.files.list());
    this.#figures = [];
    const at = { ...this.#at(id), content_index: 0 };
    for (const [index, annotation] of annotations.entries()) {
      this.#emit('response.output_text.annotation.added', { ...at, annotation, annotation_index: index });
    }
    const part: TextContent = { type: 'output_text', annotations, logprobs: [], text };
    this.#emit('response.output_text.done', { ...at, logprobs: [], text });
    this.#emit('response.content_part.done', { ...at, part });
    this.#close({ ...messageItem(id, status), content: [part] });
  }

  /** Ends whatever is open as incomplete: the response was stopped or failed. */
  cut(): void {
    if (this.#open?.kind === 'call') this.#close({ ...callItem(this.#open, 'incomplete'), outputs: [] });
    else this.endMessage(undefined, 'incomplete');
  }

  get writingCode(): boolean {
    return this.#open?.kind === 'call';
  }

  #openMessage(): OpenMessage {
    const open: OpenMessage = { kind: 'message', id: newId('msg_'), text: '' };
    this.#open = open;
    this.#added({ ...messageItem(open.id, 'in_progress'), content: [] });
    const part: TextContent = { type: 'output_text', annotations: [], logprobs: [], text: '' };
    this.#emit('response.content_part.added', { ...this.#at(open.id), content_index: 0, part });
    return open;
  }

  #openCall(container: Container): OpenCall {
    const open: OpenCall = { kind: 'call', id: newId('ci_'), containerId: container.id, code: '' };
    this.#open = open;
    this.#added({ ...callItem(open, 'in_progress'), outputs: [] });
    this.#emit('response.code_interpreter_call.in_progress', this.#at(open.id));
    return open;
  }

  #added(item: Item): void {
    this.#emit('response.output_item.added', { ...this.#index(), item: this.#shown(item) });
  }

  #close(item: Item): void {
    this.#open = undefined;
    this.#emit('response.output_item.done', { ...this.#index(), item: this.#shown(item) });
    this.#record.items = [...this.#record.items, item];
  }

  #shown(item: Item): Item {
    if (item.type === 'message' || this.#record.request.withOutputs) return item;
    return { ...item, outputs: null };
  }

  #index(): { readonly output_index: number } {
    return { output_index: this.#record.items.length };
  }

  #at(itemId: string): { readonly output_index: number; readonly item_id: string } {
    return { ...this.#index(), item_id: itemId };
  }

  #emit(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.#record.log?.append(type, fields);
  }
}

function messageItem(
  id: string,
  status: MessageItem['status'],
): Omit<MessageItem, 'content'> & { role: 'assistant' } {
  return { id, type: 'message', status, role: 'assistant' };
}

function callItem(
  call: { readonly id: string; readonly code: string; readonly containerId: string },
  status: CallItem['status'],
): Omit<CallItem, 'outputs'> {
  return {
    id: call.id,
    type: 'code_interpreter_call',
    status,
    code: call.code,
    container_id: call.containerId,
  };
}

/** A traceback is the result of a call that completed; code that was stopped from outside did not complete. */
function callStatus(outcome: ContainerOutcome): CallItem['status'] {
  switch (outcome.end) {
    case 'ok':
    case 'error':
      return 'completed';
    case 'interrupted':
      return 'incomplete';
    default:
      return 'failed';
  }
}

/** Pictures first, then logs, as recorded. */
function outputsOf(outcome: ContainerOutcome): readonly (ImageOutput | LogsOutput)[] {
  const images = outcome.figures.map(
    ({ png }): ImageOutput => ({
      type: 'image',
      url: `data:image/png;base64,${Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64')}`,
    }),
  );
  const remarks = outcome.remarks.map((remark) => `[${remark}]`).join('\n');
  const logs =
    outcome.logs !== '' && remarks !== '' ? `${outcome.logs.trimEnd()}\n${remarks}` : outcome.logs + remarks;
  return logs === '' ? images : [...images, { type: 'logs', logs }];
}
