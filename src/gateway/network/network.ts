/** How to reach the network, as the user's editor is set up. */
export interface NetworkSettings {
  /** `http.proxy`; empty for none. */
  readonly proxy: string;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
  /** `http.proxyStrictSSL`: false accepts any certificate. */
  readonly strictTls: boolean;
  /** For the proxies and the file of certificates (NODE_EXTRA_CA_CERTS) that it names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `http.proxySupport`: `off` uses no proxy at all, whoever names it. */
  readonly proxySupport?: string;
  /** `http.proxyAuthorization`: the header for the proxy; instead of a user name and password in its address. */
  readonly proxyAuthorization?: string | undefined;
  /** The proxy that the system has for an address, where nothing else names one. Must not throw. */
  readonly systemProxy?: ((url: URL) => Promise<string | undefined>) | undefined;
  /** `http.systemCertificates`: false leaves the system's certificate authorities out. */
  readonly systemCertificates?: boolean;
  /** Path of a PEM file with further certificate authorities; empty for none. */
  readonly caFile?: string;
  readonly clientCertificate?: ClientCertificateFiles;
  /** What opens the client certificate's key; asked only where there is a client certificate. */
  readonly passphrase?: (() => Promise<string | undefined>) | undefined;
}

/** Paths; empty where there is none. Either `pfxFile`, or `certFile` with `keyFile`. */
export interface ClientCertificateFiles {
  /** PEM, with the chain where the server needs it. */
  readonly certFile: string;
  /** PEM; empty where the key is in `certFile` too. */
  readonly keyFile: string;
  /** PKCS #12. */
  readonly pfxFile: string;
}

/** Whether a host, without brackets, is this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}
