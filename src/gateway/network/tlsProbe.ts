import { connect } from 'node:tls';

/** ms; a server that speaks TLS answers the first message at once. */
const PROBE_TIMEOUT = 3_000;

/** Whether a server answers in TLS, trusted or not, on the port of an address that says http. Sends nothing. */
export function speaksTls(url: URL, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || '80'),
      rejectUnauthorized: false,
      timeout: PROBE_TIMEOUT,
    });
    const end = (speaks: boolean) => {
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      resolve(speaks);
    };
    const abort = () => end(false);
    signal?.addEventListener('abort', abort);
    socket
      .once('secureConnect', () => end(true))
      // To refuse in TLS is to speak it.
      .on('error', (error: NodeJS.ErrnoException) => end(/_ALERT_/.test(error.code ?? '')))
      .once('timeout', () => end(false));
  });
}
