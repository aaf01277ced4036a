import { type JsonObject, stringField } from '../../core/json.ts';
import { invalidType, invalidValue, missingParameter, notHere } from '../http/apiError.ts';
import {
  onlyKeys,
  optionalArray,
  optionalChoice,
  optionalInteger,
  optionalObject,
  pathOf,
} from '../http/fields.ts';

/** What requests say about a container that is to be made (https://platform.openai.com/docs/api-reference/containers/createContainers). */

const MEMORY_LIMITS = ['1g', '4g', '16g', '64g'];

/** @returns the ids under `file_ids`; none where it is absent */
export function parseFileIds(value: JsonObject, where = ''): readonly string[] {
  const ids = optionalArray(value, 'file_ids', 'strings', where) ?? [];
  return ids.map((id, at) => {
    if (typeof id === 'string') return id;
    throw invalidType(`${pathOf(where, 'file_ids')}[${at}]`, 'a string', id);
  });
}

/** @returns the value of `memory_limit`, the hosted service's default where it is absent */
export function parseMemoryLimit(value: JsonObject, where = ''): string {
  return optionalChoice(value, 'memory_limit', MEMORY_LIMITS, where) ?? '1g';
}

/** Checks `network_policy`: there is no network to allow. */
export function checkNetworkPolicy(value: JsonObject, where = ''): void {
  const policy = optionalObject(value, 'network_policy', where);
  if (policy === undefined) return;
  const param = pathOf(where, 'network_policy');
  onlyKeys(policy, new Set(['type', 'allowed_domains', 'domain_secrets']), param);
  const type = stringField(policy, 'type');
  if (type === undefined) throw missingParameter(`${param}.type`);
  if (type === 'disabled') return;
  if (type !== 'allowlist') throw invalidValue(`${param}.type`, type, ['disabled', 'allowlist']);
  throw notHere(
    param,
    "The local Python has no network. Leave out network_policy, or set its type to 'disabled'.",
  );
}

/**
 * The minutes under `expires_after`.
 *
 * @param usual where it is absent
 * @param most the hosted service's is its only life, 20
 */
export function parseLife(value: JsonObject, usual: number, most: number): number {
  const life = optionalObject(value, 'expires_after');
  if (life === undefined) return usual;
  onlyKeys(life, new Set(['anchor', 'minutes']), 'expires_after');
  const anchor = optionalChoice(life, 'anchor', ['last_active_at'], 'expires_after');
  if (anchor === undefined) throw missingParameter('expires_after.anchor');
  const minutes = optionalInteger(life, 'minutes', { least: 1, most }, 'expires_after');
  if (minutes === undefined) throw missingParameter('expires_after.minutes');
  return minutes;
}
