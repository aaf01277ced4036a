import { GatewayError } from '../../core/errors.ts';
import type { ErrorKind } from '../../core/events.ts';
import type { ProxyServer } from './proxy.ts';
import { errorProperty, rootCause } from './rootCause.ts';

const KINDS: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'connection_refused',
  ENETUNREACH: 'connection_refused',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
};

/** What only a change of settings, or of the gateway, can mend. */
const LASTING: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'client_certificate_needed',
  'proxy_auth',
  'proxy_tls',
  'tls',
  'tls_failed',
  'wrong_scheme',
]);

/** Why no connection to the gateway could be made, or why the one there was broke. */
export function connectionError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  const kind =
    tlsKind(code, error) ?? (isBroken(error) ? 'connection_lost' : (KINDS[code] ?? otherKind(error)));
  // For another scheme, the one to use.
  return failure(kind, error, kind === 'wrong_scheme' ? 'http' : code || undefined);
}

/** Whether a connection broke that there was: the same codes then mean another thing. */
function isBroken(error: unknown): boolean {
  const syscall = errorProperty(rootCause(error), 'syscall');
  return syscall === 'read' || syscall === 'write';
}

function otherKind(error: unknown): ErrorKind {
  const isNoHttp = error instanceof Error && error.name === 'HTTPParserError';
  // The parser says so of a body that ended in good order and too early: the connection broke.
  return isNoHttp && !/Invalid EOF state/.test(error.message) ? 'not_understood' : 'connection_lost';
}

/** Why no connection to a proxy could be made. */
export function proxyError(error: unknown, proxy: ProxyServer): GatewayError {
  if (error instanceof GatewayError) return error;
  const kind = tlsKind(codeOf(error), error) === undefined ? 'proxy_unreachable' : 'proxy_tls';
  return failure(kind, error, proxy.name);
}

/** For an answer of a proxy to the wish for a tunnel. @param status anything but 2xx */
export function tunnelRefused(status: number): GatewayError {
  return new GatewayError(
    { kind: status === 407 ? 'proxy_auth' : 'proxy', status },
    { retryable: status >= 500 },
  );
}

function failure(kind: ErrorKind, cause: unknown, detail: string | undefined): GatewayError {
  return new GatewayError(detail === undefined ? { kind } : { kind, detail }, {
    cause,
    retryable: !LASTING.has(kind),
  });
}

/** Node's codes for certificates it does not accept (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const UNTRUSTED =
  /^(?:CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_C|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/;
/** What TLS says where the other side speaks something else, such as plain HTTP. */
const NOT_TLS =
  /wrong[ _]version[ _]number|packet[ _]length[ _]too[ _]long|unknown[ _]protocol|http[ _]request/i;
/** Alerts with which a server refuses a client's certificate, or says that it wants one (RFC 8446, section 6.2). */
const CLIENT_REFUSED =
  /_CERTIFICATE_REQUIRED|ALERT_(?:CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|(?:BAD|UNSUPPORTED)_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

/** Undefined where TLS is not what failed. */
function tlsKind(code: string, error: unknown): ErrorKind | undefined {
  if (UNTRUSTED.test(code)) return 'tls';
  if (!/^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) return undefined;
  if (NOT_TLS.test(code) || (code === 'EPROTO' && NOT_TLS.test(String(error)))) return 'wrong_scheme';
  return CLIENT_REFUSED.test(code) ? 'client_certificate_needed' : 'tls_failed';
}

function codeOf(error: unknown): string {
  const code = errorProperty(rootCause(error), 'code');
  return typeof code === 'string' ? code : '';
}
