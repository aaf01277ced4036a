import { field, isObject, type JsonObject, stringField } from '../../core/json.ts';
import {
  ApiError,
  invalidType,
  invalidValue,
  missingParameter,
  notHere,
  stringTooLong,
} from '../http/apiError.ts';
import { onlyKeys, optionalString } from '../http/fields.ts';
import { decodeData, imageExtension } from './sentData.ts';

/** A file that the input brings along: by its id, or with its bytes. `part` is how the input items list shows it. */
export type InputFile = { readonly part: JsonObject } & (
  | { readonly fileId: string }
  | { readonly name: string; readonly bytes: Buffer }
);

/** What one part of a message says. */
export interface InputPart {
  /** As the list of input items shows it: without bytes, which lie in the container. */
  readonly wire: JsonObject;
  readonly text?: string;
  readonly file?: InputFile;
  readonly isPicture?: boolean;
}

/** UTF-16 units of one text, as with the hosted service. */
const LONGEST_TEXT = 10_485_760;

/** A text of the request, checked for its length. */
export function checkedText(text: string, param: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  throw stringTooLong(param, LONGEST_TEXT, text.length);
}

const TEXT_KEYS = new Set(['type', 'text', 'annotations', 'logprobs', 'prompt_cache_breakpoint']);
const IMAGE_KEYS = new Set(['type', 'image_url', 'file_id', 'detail', 'prompt_cache_breakpoint']);
const FILE_KEYS = new Set([
  'type',
  'file_id',
  'file_data',
  'file_url',
  'filename',
  'detail',
  'prompt_cache_breakpoint',
]);

/**
 * Reads one part of a message's content.
 *
 * @param ours whether the message is one of the assistant, which has other parts than those of people
 * @throws ApiError 400
 */
export function parsePart(part: unknown, param: string, ours: boolean): InputPart {
  if (!isObject(part)) throw invalidType(param, 'an object', part);
  const type = stringField(part, 'type');
  if (type === undefined) throw missingParameter(`${param}.type`);
  const kinds = ours ? OURS : THEIRS;
  const parse = kinds.get(type);
  if (parse === undefined) throw invalidValue(`${param}.type`, type, [...kinds.keys()]);
  return parse(part, param);
}

type Kinds = ReadonlyMap<string, (part: JsonObject, param: string) => InputPart>;

const THEIRS: Kinds = new Map([
  ['input_text', (part, param) => textPart(part, param, 'text')],
  ['input_image', imagePart],
  ['input_file', filePart],
]);

const OURS: Kinds = new Map([
  ['output_text', (part, param) => textPart(part, param, 'text')],
  ['refusal', (part, param) => textPart(part, param, 'refusal')],
]);

function textPart(part: JsonObject, param: string, name: 'text' | 'refusal'): InputPart {
  onlyKeys(part, name === 'text' ? TEXT_KEYS : new Set(['type', name]), param);
  const text = optionalString(part, name, param);
  if (text === undefined) throw missingParameter(`${param}.${name}`);
  return { wire: part, text: checkedText(text, `${param}.${name}`) };
}

function imagePart(part: JsonObject, param: string): InputPart {
  onlyKeys(part, IMAGE_KEYS, param);
  const detail = optionalString(part, 'detail', param) ?? 'auto';
  const fileId = optionalString(part, 'file_id', param);
  if (fileId !== undefined) {
    const wire = { type: 'input_image', detail, file_id: fileId, image_url: null };
    return { wire, isPicture: true, file: { part: wire, fileId } };
  }
  const url = optionalString(part, 'image_url', param);
  if (url === undefined) throw missingParameter(`${param}.image_url`);
  if (!/^data:/i.test(url)) {
    throw notHere(
      `${param}.image_url`,
      'The local gateway does not download pictures: send the bytes as a data URL in image_url.',
    );
  }
  const bytes = decodeData(url)?.bytes;
  const extension = bytes === undefined ? undefined : imageExtension(bytes);
  if (bytes === undefined || extension === undefined) {
    throw new ApiError(
      400,
      "The image data you provided does not represent a valid image. Please check your input and try again with one of the following image formats: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].",
      { param: `${param}.image_url`, code: 'invalid_image' },
    );
  }
  const wire = { type: 'input_image', detail, file_id: null, image_url: null };
  return { wire, isPicture: true, file: { part: wire, name: `image.${extension}`, bytes } };
}

function filePart(part: JsonObject, param: string): InputPart {
  onlyKeys(part, FILE_KEYS, param);
  const fileId = optionalString(part, 'file_id', param);
  if (fileId !== undefined) {
    const wire = { type: 'input_file', file_id: fileId };
    return { wire, file: { part: wire, fileId } };
  }
  const data = optionalString(part, 'file_data', param);
  if (data === undefined) {
    if (!field(part, 'file_url')) throw missingParameter(`${param}.file_data`);
    throw notHere(
      `${param}.file_url`,
      'The local gateway does not download files: send the bytes in file_data.',
    );
  }
  const bytes = decodeData(data)?.bytes;
  if (bytes === undefined) {
    throw new ApiError(400, `Invalid '${param}.file_data'. Expected base64, or a data URL with base64.`, {
      param: `${param}.file_data`,
      code: 'invalid_value',
    });
  }
  const name = optionalString(part, 'filename', param) ?? 'file';
  const wire = { type: 'input_file', file_id: null, filename: name };
  return { wire, file: { part: wire, name, bytes } };
}
