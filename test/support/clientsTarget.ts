import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isRecord } from './json.ts';
import type { Gateway } from './litellm.ts';

/** A gateway for official clients. */
export interface ClientsTarget {
  /** Whom the clients talk to. */
  readonly gateway: Gateway;
  /** The local gateway itself: what it holds is the truth. */
  readonly upstream: Gateway;
  /** What scenarios need to know beforehand. */
  readonly given: Given;
  /** The models that there are. */
  readonly models: readonly string[];
}

/** What is prepared for scenarios; they read it as JSON. */
export interface Given {
  /** A container whose time has run out, by its native id, and an answer whose chain needs it. */
  readonly expired_container: string;
  readonly expired_response: string;
  /** The size of an upload above what the gateway takes. */
  readonly too_many_bytes: number;
  /** How many Pythons may be alive at once. */
  readonly most_pythons: number;
}

/** Names of models of the LiteLLM proxy that are kept for scenarios after which it pauses a model. */
export const ASIDE = { openai: 'aside-openai', litellm: 'aside-litellm' };

/** Whether the clients talk to the local gateway itself or to a LiteLLM proxy before it. */
export type Way = 'straight' | 'through LiteLLM';

/**
 * Compares files that a client downloaded with the bytes that the gateway holds.
 *
 * @param files by name: `id`, `container_id`, `bytes`, `sha256`, and of pictures `png` (width and height)
 * @returns the names, figures as `figure`
 */
export async function assertDownloaded(upstream: Gateway, files: unknown): Promise<readonly string[]> {
  assert.ok(isRecord(files));
  for (const [name, file] of Object.entries(files)) {
    assert.ok(isRecord(file));
    const { id, container_id: containerId, bytes, sha256, png } = file;
    const held = await contentAt(upstream, String(containerId), String(id));
    const downloaded = { bytes, sha256, ...(png ? { png } : {}) };
    assert.deepEqual(downloaded, seenOf(held), name);
    assert.equal(png !== undefined, name.endsWith('.png'), `${name} is not what its name says`);
  }
  return Object.keys(files)
    .map((name) => name.replace(/^.*\/|cfile_\w+(?=\.png)/g, (part) => (part.endsWith('/') ? '' : 'figure')))
    .sort();
}

/** What is compared of a downloaded picture or table: its size, its hash, of a PNG its width and height. */
export function seenOf(bytes: Buffer): object {
  const seen = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return seen;
  return { ...seen, png: [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] };
}

async function contentAt(upstream: Gateway, containerId: string, fileId: string): Promise<Buffer> {
  const response = await fetch(`${upstream.url}/v1/containers/${containerId}/files/${fileId}/content`, {
    headers: { authorization: `Bearer ${upstream.key}` },
  });
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

/** What LiteLLM hides in the container ids of answers; other ids as they are. */
export function nativeId(id: unknown): string {
  const inside = Buffer.from(String(id).replace(/^cntr_/, ''), 'base64').toString('latin1');
  return /container_id:(cntr_\w+)/.exec(inside)?.[1] ?? String(id);
}

/** An error as the clients raise it: its class, its HTTP status, its code, words of its message. */
export type Refusal = readonly [error: string, status: number | null, code: string | null, message: RegExp];

/** Compares errors that a client raised, by name. */
export function assertRefused(seen: unknown, expected: Readonly<Record<string, Refusal>>): void {
  assert.ok(isRecord(seen));
  for (const [name, [error, status, code, message]] of Object.entries(expected)) {
    const told: unknown = seen[name];
    assert.ok(isRecord(told), `${name} was not refused: ${JSON.stringify(told)}`);
    assert.deepEqual(
      [told['error'], told['status'], told['code']],
      [error, status, code],
      `${name}: ${told['message']}`,
    );
    assert.match(String(told['message']), message, name);
  }
}

/** `a*2 b` without its numbers. */
export function kinds(order: unknown): readonly string[] {
  assert.ok(Array.isArray(order));
  return order.map((name) => String(name).replace(/\*\d+$/, ''));
}
