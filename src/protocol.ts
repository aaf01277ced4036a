/**
 * The messages between the extension host and the panel: two closed unions and their guards.
 * The host holds the truth. It sends a whole snapshot on `ready` and `resync`, then numbered events; a gap in the
 * numbers makes the panel ask for a snapshot. Pictures travel as bytes, once, when the panel asks for them.
 */

import type { ErrorAction } from './core/errorText.ts';
import { arrayField, countField, field, stringField } from './core/json.ts';
import type { SessionEvent, SessionState } from './core/session.ts';
import type { TablePreview } from './core/tablePreview.ts';

/** Where a picture's bytes come from: a file to be sent, or what a run made. */
export type ImageSource = { readonly from: 'attachment'; readonly attachmentId: string } | MadeImageSource;

/** An output of a step (its interned key), or a file in a container. */
export type MadeImageSource =
  | { readonly from: 'output'; readonly key: string }
  | {
      readonly from: 'file';
      readonly containerId: string;
      readonly fileId: string;
      readonly filename: string;
    };

/** The key under which both sides know a picture. */
export function imageKey(source: ImageSource): string {
  switch (source.from) {
    case 'output':
      return source.key;
    case 'attachment':
      return `attachment:${source.attachmentId}`;
    case 'file':
      return `file:${source.containerId}/${source.fileId}`;
  }
}

/** The key under which both sides know the first rows of a file. */
export function tableKey(file: { readonly containerId: string; readonly fileId: string }): string {
  return `${file.containerId}/${file.fileId}`;
}

/** Host to panel. */
export type HostMessage =
  /** `seq` is the number of the last event that the snapshot holds: the next one to come is one more. */
  | { readonly type: 'snapshot'; readonly seq: number; readonly session: SessionState }
  /** `seq` is the number of the first event; the rest follow it. */
  | { readonly type: 'events'; readonly seq: number; readonly events: readonly SessionEvent[] }
  | { readonly type: 'image'; readonly key: string; readonly mime: string; readonly bytes: ArrayBuffer }
  | { readonly type: 'imageFailed'; readonly key: string; readonly sentence: string }
  /** `table` is undefined for a file without rows. */
  | { readonly type: 'table'; readonly key: string; readonly table: TablePreview | undefined }
  | { readonly type: 'tableFailed'; readonly key: string; readonly sentence: string }
  | { readonly type: 'focusComposer' }
  /** What a run sent, to be edited in the composer. */
  | { readonly type: 'promptText'; readonly text: string }
  /** What was sent from this window and in stored sessions, oldest first, each text once. */
  | { readonly type: 'promptHistory'; readonly prompts: readonly string[] }
  /** Brings a run into sight. */
  | { readonly type: 'revealRun'; readonly runId: string };

/** What the panel asks to be done with a file of a container. */
export type FileVerb = 'open' | 'save' | 'saveAs';

/** What the panel asks to be done with a picture. */
export type PictureVerb = Exclude<FileVerb, 'saveAs'>;

/** What the panel asks to be done with the code of a step. */
export type CodeVerb = 'copy' | 'insert' | 'open';

/** Panel to host. */
export type PanelMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'resync' }
  | { readonly type: 'requestImage'; readonly source: ImageSource }
  | { readonly type: 'ask'; readonly prompt: string }
  | { readonly type: 'stop' }
  | { readonly type: 'retry'; readonly runId: string }
  /** Asks the gateway how a cut run went on; nothing is run a second time. */
  | { readonly type: 'resume'; readonly runId: string }
  | { readonly type: 'attach' }
  | { readonly type: 'detach'; readonly attachmentId: string }
  | {
      readonly type: 'file';
      readonly verb: FileVerb;
      readonly containerId: string;
      readonly fileId: string;
      readonly filename: string;
    }
  | { readonly type: 'saveAll'; readonly runId: string }
  /** Asks for the first rows of a file: answered by `table` or `tableFailed`. */
  | {
      readonly type: 'requestTable';
      readonly containerId: string;
      readonly fileId: string;
      readonly filename: string;
    }
  /** `name` is what its file is called where it is none yet, without what tells its kind. */
  | {
      readonly type: 'picture';
      readonly verb: PictureVerb;
      readonly source: MadeImageSource;
      readonly name: string;
    }
  /** The host has the code of a step, so only its place travels. */
  | { readonly type: 'code'; readonly verb: CodeVerb; readonly runId: string; readonly outputIndex: number }
  /** Runs a step's code, as the person changed it, in the session's container. */
  | {
      readonly type: 'runEdited';
      readonly runId: string;
      readonly outputIndex: number;
      readonly code: string;
    }
  /** Asks for what a run sent, to be edited: answered by `promptText`. */
  | { readonly type: 'editPrompt'; readonly runId: string }
  | { readonly type: 'copyPrompt'; readonly runId: string }
  /** Answered by `promptHistory`. */
  | { readonly type: 'requestHistory' }
  /** Attaches files by their addresses, as the editor's explorer gives them when they are dragged. */
  | { readonly type: 'attachUris'; readonly uris: readonly string[] }
  /** Attaches a file that was pasted, or dropped from outside the editor; one message for each. */
  | { readonly type: 'attachBytes'; readonly name: string; readonly bytes: ArrayBuffer }
  | { readonly type: 'openLink'; readonly href: string }
  | { readonly type: 'errorAction'; readonly action: ErrorAction; readonly runId: string | undefined };

/** Longest text a person may send, in UTF-16 units: 8 million, far above what any model takes. */
export const LONGEST_PROMPT = 8_000_000;

/** Most bytes of a file that is pasted, or dropped from outside the editor: 32 MiB. */
export const LARGEST_PASTED = 32 * 1024 * 1024;

/** Most files that one drop may bring. */
export const MOST_DROPPED = 50;

const CODE_VERBS: readonly CodeVerb[] = ['copy', 'insert', 'open'];

const ACTIONS: Readonly<Record<ErrorAction, true>> = {
  setUpGateway: true,
  chooseModel: true,
  newSession: true,
  retry: true,
  refresh: true,
  openProxySettings: true,
  openCertificateSettings: true,
  openLocalSettings: true,
  showLog: true,
};

/** A message from the panel, or undefined where it is not exactly one: the panel is not trusted. */
export function parsePanelMessage(value: unknown): PanelMessage | undefined {
  const type = stringField(value, 'type');
  const runId = shortString(value, 'runId');
  switch (type) {
    case 'ready':
    case 'resync':
    case 'stop':
    case 'attach':
    case 'requestHistory':
      return { type };
    case 'ask': {
      const prompt = stringField(value, 'prompt');
      return prompt !== undefined && prompt.length <= LONGEST_PROMPT ? { type, prompt } : undefined;
    }
    case 'retry':
    case 'resume':
    case 'saveAll':
    case 'editPrompt':
    case 'copyPrompt':
      return runId === undefined ? undefined : { type, runId };
    case 'detach': {
      const attachmentId = shortString(value, 'attachmentId');
      return attachmentId === undefined ? undefined : { type, attachmentId };
    }
    case 'requestImage': {
      const source = parseImageSource(field(value, 'source'));
      return source && { type, source };
    }
    case 'file': {
      const verb = stringField(value, 'verb');
      const file = parseFile(value);
      return file && (verb === 'open' || verb === 'save' || verb === 'saveAs')
        ? { type, verb, ...file }
        : undefined;
    }
    case 'requestTable': {
      const file = parseFile(value);
      return file && { type, ...file };
    }
    case 'code': {
      const verb = CODE_VERBS.find((known) => known === stringField(value, 'verb'));
      const outputIndex = countField(value, 'outputIndex');
      return verb === undefined || runId === undefined || outputIndex === undefined
        ? undefined
        : { type, verb, runId, outputIndex };
    }
    case 'runEdited': {
      const code = stringField(value, 'code');
      const outputIndex = countField(value, 'outputIndex');
      if (runId === undefined || outputIndex === undefined) return undefined;
      return code !== undefined && code.length <= LONGEST_PROMPT
        ? { type, runId, outputIndex, code }
        : undefined;
    }
    case 'attachUris': {
      const uris = arrayField(value, 'uris');
      return uris && uris.length <= MOST_DROPPED && uris.every(isShort) ? { type, uris } : undefined;
    }
    case 'attachBytes': {
      const name = shortString(value, 'name');
      const bytes = field(value, 'bytes');
      const fits = bytes instanceof ArrayBuffer && bytes.byteLength <= LARGEST_PASTED;
      return name !== undefined && fits ? { type, name, bytes } : undefined;
    }
    case 'picture': {
      const verb = stringField(value, 'verb');
      const source = parseImageSource(field(value, 'source'));
      const name = shortString(value, 'name');
      if (source === undefined || source.from === 'attachment' || name === undefined) return undefined;
      return verb === 'open' || verb === 'save' ? { type, verb, source, name } : undefined;
    }
    case 'openLink': {
      const href = shortString(value, 'href');
      return href === undefined ? undefined : { type, href };
    }
    case 'errorAction': {
      const action = stringField(value, 'action');
      return action !== undefined && Object.hasOwn(ACTIONS, action)
        ? { type, action: action as ErrorAction, runId }
        : undefined;
    }
    default:
      return undefined;
  }
}

function parseImageSource(value: unknown): ImageSource | undefined {
  switch (stringField(value, 'from')) {
    case 'output': {
      const key = shortString(value, 'key');
      return key === undefined ? undefined : { from: 'output', key };
    }
    case 'attachment': {
      const attachmentId = shortString(value, 'attachmentId');
      return attachmentId === undefined ? undefined : { from: 'attachment', attachmentId };
    }
    case 'file': {
      const file = parseFile(value);
      return file && { from: 'file', ...file };
    }
    default:
      return undefined;
  }
}

function parseFile(value: unknown): { containerId: string; fileId: string; filename: string } | undefined {
  const containerId = shortString(value, 'containerId');
  const fileId = shortString(value, 'fileId');
  const filename = shortString(value, 'filename');
  return containerId && fileId && filename !== undefined ? { containerId, fileId, filename } : undefined;
}

/** Ids, names and links: no more than 4,096 units. */
function shortString(value: unknown, key: string): string | undefined {
  const found = stringField(value, key);
  return isShort(found) ? found : undefined;
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 4_096;
}
