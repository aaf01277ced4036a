import tls from 'node:tls';

/** How to reach the network, as the user's editor is set up. */
export interface NetworkSettings {
  /** `http.proxy`; empty for none. */
  readonly proxy: string;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
  /** `http.proxyStrictSSL`: false accepts any certificate. */
  readonly strictTls: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The proxy to use for an address: none for this machine and for what `http.noProxy` or NO_PROXY name, else
 * `http.proxy`, else the environment's.
 */
export function proxyFor(url: URL, settings: NetworkSettings): string | undefined {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  if (isLoopback(host)) return undefined;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const { env } = settings;
  const spared = [...settings.noProxy, ...(env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(/[\s,]+/)];
  if (spared.some((pattern) => matches(pattern.trim().toLowerCase(), host, port))) return undefined;
  const fromEnvironment =
    url.protocol === 'https:'
      ? (env['https_proxy'] ?? env['HTTPS_PROXY'])
      : (env['http_proxy'] ?? env['HTTP_PROXY']);
  return settings.proxy || fromEnvironment || undefined;
}

export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}

function matches(pattern: string, host: string, port: string): boolean {
  if (pattern === '') return false;
  if (pattern === '*') return true;
  const [, name, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = (name ?? '').replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

/** The certificate authorities to trust: Node's own and the system's, so that a company's private one is known. */
export function trustedAuthorities(): string[] {
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
