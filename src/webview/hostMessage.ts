import { arrayField, countField, field, isObject, stringField } from '../core/json.ts';
import type { SessionEvent, SessionState } from '../core/session.ts';
import type { TablePreview } from '../core/tablePreview.ts';
import type { HostMessage } from '../protocol.ts';

/**
 * A message from the host, or undefined where it is none. The host is trusted with what a session and an event hold;
 * this keeps out whatever else comes as a `message` event.
 */
export function parseHostMessage(value: unknown): HostMessage | undefined {
  const type = stringField(value, 'type');
  const key = stringField(value, 'key');
  switch (type) {
    case 'snapshot': {
      const seq = countField(value, 'seq');
      const session = field(value, 'session');
      return seq !== undefined && isSession(session) ? { type, seq, session } : undefined;
    }
    case 'events': {
      const seq = countField(value, 'seq');
      const events = field(value, 'events');
      return seq !== undefined && areEvents(events) ? { type, seq, events } : undefined;
    }
    case 'image': {
      const mime = stringField(value, 'mime');
      const bytes = field(value, 'bytes');
      if (key === undefined || mime === undefined || !(bytes instanceof ArrayBuffer)) return undefined;
      return { type, key, mime, bytes };
    }
    case 'table': {
      const table = field(value, 'table');
      if (key === undefined) return undefined;
      return table === undefined || isTable(table) ? { type, key, table } : undefined;
    }
    case 'imageFailed':
    case 'tableFailed': {
      const sentence = stringField(value, 'sentence');
      return key === undefined || sentence === undefined ? undefined : { type, key, sentence };
    }
    case 'focusComposer':
      return { type };
    case 'promptText': {
      const text = stringField(value, 'text');
      return text === undefined ? undefined : { type, text };
    }
    case 'promptHistory': {
      const prompts = field(value, 'prompts');
      return areTexts(prompts) ? { type, prompts } : undefined;
    }
    case 'revealRun': {
      const runId = stringField(value, 'runId');
      return runId === undefined ? undefined : { type, runId };
    }
    default:
      return undefined;
  }
}

function isSession(value: unknown): value is SessionState {
  return (
    stringField(value, 'id') !== undefined &&
    isObject(field(value, 'gateway')) &&
    areObjects(field(value, 'runs')) &&
    areObjects(field(value, 'attachments'))
  );
}

function areEvents(value: unknown): value is readonly SessionEvent[] {
  return Array.isArray(value) && value.every((event) => stringField(event, 'type') !== undefined);
}

function areObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function isTable(value: unknown): value is TablePreview {
  const rows = arrayField(value, 'rows');
  return (
    areTexts(field(value, 'header')) &&
    rows?.every(areTexts) === true &&
    arrayField(value, 'numeric') !== undefined &&
    countField(value, 'columnCount') !== undefined
  );
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
