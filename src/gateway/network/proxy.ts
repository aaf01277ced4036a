import { BlockList, isIP } from 'node:net';
import { safeDetail } from '../../core/classify.ts';
import { GatewayError } from '../../core/errors.ts';
import { isLoopback, type NetworkSettings } from './network.ts';

/** A proxy that can be used. */
export interface ProxyServer {
  /** `http://host:port` or `https://host:port`, without user and password. */
  readonly origin: string;
  /** `host:port`, for people. */
  readonly name: string;
  /** The value of its Proxy-Authorization header. */
  readonly authorization: string | undefined;
}

/**
 * The proxy for an address, as the editor chooses it: none for this machine and for what `http.noProxy` names (or
 * NO_PROXY, where that is empty), else `http.proxy`, else the environment's, else the system's.
 *
 * @throws GatewayError `proxy` where it is of a kind that cannot be used
 */
export async function chooseProxy(url: URL, settings: NetworkSettings): Promise<ProxyServer | undefined> {
  if (isSpared(url, settings)) return undefined;
  const address = configuredProxy(url, settings) ?? (await settings.systemProxy?.(url));
  return address === undefined ? undefined : parseProxy(address, settings.proxyAuthorization);
}

/** The address that settings and environment name; undefined for none. */
function configuredProxy(url: URL, { proxy, env }: NetworkSettings): string | undefined {
  const named = (name: string) => env[name.toLowerCase()]?.trim() || env[name]?.trim();
  const plain = named('HTTP_PROXY');
  // The editor takes HTTP_PROXY for https too, where nothing else is set.
  const fromEnvironment =
    url.protocol === 'https:'
      ? named('HTTPS_PROXY') || named('ALL_PROXY') || plain
      : plain || named('ALL_PROXY');
  return proxy.trim() || fromEnvironment || undefined;
}

/** Whether an address is reached without any proxy. */
function isSpared(url: URL, settings: NetworkSettings): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  if (settings.proxySupport === 'off' || isLoopback(host)) return true;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const { env } = settings;
  const fromEnvironment = (env['no_proxy'] || env['NO_PROXY'] || '').split(/[\s,]+/);
  const patterns = settings.noProxy.some((pattern) => pattern.trim() !== '')
    ? settings.noProxy
    : fromEnvironment;
  return patterns.some((pattern) => matches(pattern.trim().toLowerCase(), host, port));
}

function matches(pattern: string, host: string, port: string): boolean {
  if (pattern === '') return false;
  if (pattern === '*') return true;
  const [name, onlyPort] = splitPort(pattern);
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (isIP(host) !== 0) return matchesAddress(name, host);
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return host === domain || host.endsWith(`.${domain}`);
}

/** `name:80`, `[::1]:80`, `::1`, `10.0.0.0/8` in their parts. */
function splitPort(pattern: string): readonly [string, string | undefined] {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(pattern);
  if (bracketed !== null) return [bracketed[1] ?? '', bracketed[2]];
  const plain = /^([^:]*):(\d+)$/.exec(pattern);
  return plain === null ? [pattern, undefined] : [plain[1] ?? '', plain[2]];
}

/** Whether an IP address is the one a pattern names, or in its range (`10.0.0.0/8`). */
function matchesAddress(pattern: string, host: string): boolean {
  const [address = '', bits] = pattern.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const most = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (prefix < 0 || prefix > most) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Reads a proxy's address; without a scheme it is an http:// one.
 *
 * @param authorization instead of the user name and password in the address
 * @throws GatewayError `proxy`, without those in it
 */
export function parseProxy(address: string, authorization?: string): ProxyServer {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new GatewayError({ kind: 'proxy', detail: withoutSecret(text) });
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const { username, password } = url;
  const ownAuthorization =
    username || password
      ? `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`
      : undefined;
  return {
    origin: url.origin,
    name: `${url.hostname}:${port}`,
    authorization: authorization?.trim() || ownAuthorization,
  };
}

/** Without what comes before the last `@`, which may be a password. */
function withoutSecret(address: string): string {
  return safeDetail(address.replace(/^([a-z\d+.-]*:\/\/)?.*@/is, '$1')).slice(0, 100);
}

/** People write passwords with a bare `%` too. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
