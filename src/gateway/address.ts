import { GatewayError } from '../core/errors.ts';

export interface GatewayAddress {
  /** As the user entered it: with or without `/v1` at its end. */
  readonly baseUrl: string;
  /** Undefined where the gateway asks for none. */
  readonly key: string | undefined;
}

/**
 * The API's root for an address that a person entered: `https://host` and `https://host/v1/` mean the same.
 *
 * @throws GatewayError `address_invalid`
 */
export function apiBase(address: string): URL {
  const text = address.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    url.username ||
    url.password
  ) {
    throw new GatewayError({ kind: 'address_invalid' });
  }
  url.search = '';
  url.hash = '';
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/(?:responses|containers|models|chat\/completions)$/, '');
  url.pathname = /\/v\d+$/.test(path) ? path : `${path}/v1`;
  return url;
}
