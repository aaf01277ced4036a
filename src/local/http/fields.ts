import { field, isObject, type JsonObject } from '../../core/json.ts';
import { invalidType, invalidValue, outOfRange, stringTooLong, unknownParameter } from './apiError.ts';

/** Reading the fields of a request's body. `null` counts as absent; `where` is the path of the object, such as `text`. */

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The path of a field, as errors name it. */
export function pathOf(where: string, name: string): string {
  return where === '' ? name : `${where}.${name}`;
}

/** @throws ApiError 400 for the first key that is none of these */
export function onlyKeys(value: JsonObject, known: ReadonlySet<string>, where: string): void {
  for (const key of Object.keys(value)) {
    if (!known.has(key)) throw unknownParameter(pathOf(where, key));
  }
}

/** @throws ApiError 400 where it is no string or longer than `most` UTF-16 units */
export function optionalString(
  value: JsonObject,
  name: string,
  where = '',
  most?: number,
): string | undefined {
  const found = field(value, name);
  if (found === undefined || found === null) return undefined;
  if (typeof found !== 'string') throw invalidType(pathOf(where, name), 'a string', found);
  if (most !== undefined && found.length > most) {
    throw stringTooLong(pathOf(where, name), most, found.length);
  }
  return found;
}

/** @throws ApiError 400 where it is no boolean */
export function optionalFlag(value: JsonObject, name: string, where = ''): boolean | undefined {
  const found = field(value, name);
  if (found === undefined || found === null) return undefined;
  if (typeof found === 'boolean') return found;
  throw invalidType(pathOf(where, name), 'a boolean', found);
}

/** @throws ApiError 400 where it is no integer or out of bounds */
export function optionalInteger(
  value: JsonObject,
  name: string,
  bounds: Bounds,
  where = '',
): number | undefined {
  const found = field(value, name);
  if (found === undefined || found === null) return undefined;
  if (typeof found !== 'number' || !Number.isInteger(found)) {
    throw invalidType(pathOf(where, name), 'an integer', found);
  }
  return inside(found, 'integer', bounds, pathOf(where, name));
}

/** @throws ApiError 400 where it is no number or out of bounds */
export function optionalDecimal(
  value: JsonObject,
  name: string,
  bounds: Bounds,
  where = '',
): number | undefined {
  const found = field(value, name);
  if (found === undefined || found === null) return undefined;
  if (typeof found !== 'number') throw invalidType(pathOf(where, name), 'a decimal', found);
  return inside(found, 'decimal', bounds, pathOf(where, name));
}

function inside(found: number, kind: 'integer' | 'decimal', bounds: Bounds, param: string): number {
  if (found >= bounds.least && found <= bounds.most) return found;
  throw outOfRange(param, kind, found, bounds);
}

/** @throws ApiError 400 where it is none of the values */
export function optionalChoice(
  value: JsonObject,
  name: string,
  values: readonly string[],
  where = '',
): string | undefined {
  const found = optionalString(value, name, where);
  if (found === undefined || values.includes(found)) return found;
  throw invalidValue(pathOf(where, name), found, values);
}

/** @throws ApiError 400 where it is no object */
export function optionalObject(value: JsonObject, name: string, where = ''): JsonObject | undefined {
  const found = field(value, name);
  if (found === undefined || found === null) return undefined;
  if (isObject(found)) return found;
  throw invalidType(pathOf(where, name), 'an object', found);
}

/** @throws ApiError 400 where it is no array */
export function optionalArray(
  value: JsonObject,
  name: string,
  of: string,
  where = '',
): readonly unknown[] | undefined {
  const found = field(value, name);
  if (found === undefined || found === null) return undefined;
  if (Array.isArray(found)) return found;
  throw invalidType(pathOf(where, name), `an array of ${of}`, found);
}
