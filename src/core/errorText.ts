import type { ErrorKind, RunError } from './events.ts';

/** What a button beside an error does. */
export type ErrorAction =
  | 'setUpGateway'
  | 'chooseModel'
  | 'newSession'
  | 'retry'
  | 'refresh'
  | 'openProxySettings'
  | 'openCertificateSettings'
  | 'openLocalSettings'
  | 'showLog';

/** Gives the text in the user's language; `{0}` and so on are filled in from `args`. */
export type Translate = (text: string, ...args: readonly string[]) => string;

export interface ErrorText {
  /** One plain sentence or two: what happened, and what to do next. */
  readonly sentence: string;
  readonly action: ErrorAction | undefined;
}

/** The sentence and the next step for each kind of failure: the only place where errors get their words. */
export function describeError(error: RunError, t: Translate): ErrorText {
  const [sentence, action] = TEXTS[error.kind](t, error);
  return { sentence, action };
}

/** Whether a text names a kind of failure that there is. */
export function isErrorKind(kind: string): kind is ErrorKind {
  return Object.hasOwn(TEXTS, kind);
}

type Words = (t: Translate, error: RunError) => readonly [string, ErrorAction | undefined];

const TEXTS: Readonly<Record<ErrorKind, Words>> = {
  address_invalid: (t) => [
    t(
      'The gateway address is not a web address. Enter one that starts with https:// (or http:// for this machine).',
    ),
    'setUpGateway',
  ],
  admin_only: (t) => [
    t(
      'This gateway lets only its administrators use containers, as LiteLLM builds before 2026 do. Ask whoever runs it to update it.',
    ),
    'showLog',
  ],
  answers_gone: (t) => [
    t('The gateway does not have the earlier answers any more. Try again: what was said is sent along.'),
    'retry',
  ],
  bad_request: (t, { detail }) => [
    detail
      ? t('The gateway did not accept the request: {0}', closed(detail))
      : t('The gateway did not accept the request. The log has the details.'),
    'showLog',
  ],
  ca_file: (t, { detail }) => [
    t(
      'The setting codeInterpreter.gateway.caFile cannot be used: {0}. It needs a file of certificates (PEM).',
      detail ?? t('its file cannot be read'),
    ),
    'openCertificateSettings',
  ],
  client_certificate: (t, { detail }) => [
    t(
      'The setting codeInterpreter.gateway.clientCertificate cannot be used: {0}. Check its files.',
      detail ?? t('a file cannot be read'),
    ),
    'openCertificateSettings',
  ],
  client_certificate_needed: (t) => [
    t(
      'The gateway asks for a client certificate, or refuses the one in use. The setting codeInterpreter.gateway.clientCertificate names it.',
    ),
    'openCertificateSettings',
  ],
  connection_lost: (t) => [
    t('The connection to the gateway was lost. Check the network, then try again.'),
    'retry',
  ],
  connection_refused: (t) => [
    t('No gateway answers at this address. Check that it is running and that the address is right.'),
    'setUpGateway',
  ],
  container_expired: (t) => [
    t('This container has expired and its files are gone. Run it again to go on in a new one.'),
    'newSession',
  ],
  content_refused: (t) => [
    t('The provider refused the content of this request. Change the prompt and try again.'),
    undefined,
  ],
  file_changed: (t) => [
    t('The download did not match what the gateway announced, so nothing was saved. Try again.'),
    'retry',
  ],
  key_missing: (t) => [
    t('The gateway needs a key and none is stored. Enter it in the gateway set-up.'),
    'setUpGateway',
  ],
  key_not_allowed: (t) => [
    t('Your key is not allowed to do this. Ask whoever runs the gateway, or use another key.'),
    'setUpGateway',
  ],
  key_rejected: (t) => [
    t('The gateway rejected the key. Enter a valid one in the gateway set-up.'),
    'setUpGateway',
  ],
  local_gateway: (t, { detail }) => [
    // The local gateway says the whole sentence itself, for clients other than this one.
    detail?.startsWith('The local Python could not start: ')
      ? detail
      : detail
        ? t('The local Python could not start: {0}', detail)
        : t('The local Python could not start. The log says why.'),
    detail?.includes('codeInterpreter.localGateway.nodePath') ? 'openLocalSettings' : 'showLog',
  ],
  model_unknown: (t) => [
    t('The gateway does not offer this model to you. Choose another one.'),
    'chooseModel',
  ],
  name_not_found: (t) => [
    t("The gateway's host name was not found. Check the address and the network (VPN, proxy)."),
    'setUpGateway',
  ],
  no_code_interpreter: (t) => [
    t('This model cannot run code: its provider has no code interpreter. Choose another model.'),
    'chooseModel',
  ],
  no_local_python: (t) => [
    t('This build of the extension carries no Python: set up a gateway, or install the full build.'),
    'setUpGateway',
  ],
  not_an_api: (t) => [
    t('The gateway answered with a web page instead of data, perhaps a login page. Check the address.'),
    'setUpGateway',
  ],
  not_found: (t) => [
    t('The gateway does not have this any more. Refresh the list and try again.'),
    'refresh',
  ],
  not_understood: (t) => [
    t("The gateway's answer could not be understood. The log has the details."),
    'showLog',
  ],
  not_yours: (t) => [
    t('This container or file belongs to another key. Use the key that made it, or start a new session.'),
    'newSession',
  ],
  provider_key: (t) => [
    t("The provider refused the gateway's own key, not yours. Tell whoever runs the gateway."),
    'showLog',
  ],
  other_gateway: (t, { detail }) => [
    t(
      'This session belongs to the gateway {0}, which is not the one in use. Set that one up again to go on, or start a new session.',
      detail ?? '',
    ),
    'setUpGateway',
  ],
  passphrase: (t) => [
    t(
      "The client certificate's key cannot be opened with this passphrase. Enter the right one in the set-up.",
    ),
    'setUpGateway',
  ],
  proxy: (t, { status, detail }) => [
    status === undefined && detail !== undefined
      ? t(
          'The network proxy {0} cannot be used: only http:// and https:// proxies can. Check the proxy settings.',
          detail,
        )
      : status !== undefined && status >= 500
        ? t('The network proxy could not reach the gateway. Check the address, or ask who runs the proxy.')
        : t('The network proxy refused the connection. Check the proxy settings, or ask who runs the proxy.'),
    'openProxySettings',
  ],
  proxy_auth: (t) => [
    t(
      'The network proxy wants a user name and password, or refuses those given. They go into http.proxy: http://user:password@host:port.',
    ),
    'openProxySettings',
  ],
  proxy_tls: (t) => [
    t(
      "The network proxy's certificate is not trusted, or it does not speak https. Check the proxy settings and its certificate authority.",
    ),
    'openCertificateSettings',
  ],
  proxy_unreachable: (t, { detail }) => [
    detail === undefined
      ? t('The network proxy does not answer. Check the proxy settings and the network.')
      : t('The network proxy {0} does not answer. Check the proxy settings and the network.', detail),
    'openProxySettings',
  ],
  quota: (t) => [
    t('The quota or budget of this key is used up. Ask whoever runs the gateway, or use another key.'),
    'setUpGateway',
  ],
  rate_limited: (t, { retryAt }) => [
    retryAt === undefined
      ? t('The gateway is busy: too many requests. Wait a moment, then try again.')
      : t('The gateway is busy: too many requests. Try again after {0}.', timeOf(retryAt)),
    'retry',
  ],
  redirected: (t, { detail }) => [
    detail === undefined
      ? t(
          'The gateway redirects to another place, where the key is not sent. Enter the final address in the set-up.',
        )
      : t(
          'The gateway redirects to {0}, where the key is not sent. Enter the final address in the set-up.',
          detail,
        ),
    'setUpGateway',
  ],
  route_missing: (t) => [
    t('This gateway is too old or not set up for the code interpreter: it lacks a needed route.'),
    'showLog',
  ],
  server: (t, { detail, retryAt }) => [
    retryAt !== undefined
      ? t('The gateway or its provider is out of order for now. Try again after {0}.', timeOf(retryAt))
      : detail
        ? t('The gateway or its provider failed: {0}', closed(detail))
        : t('The gateway or its provider failed. Try again in a moment.'),
    'retry',
  ],
  stream_cut: (t) => [
    t(
      'The connection ended before the run did. What had arrived is kept; the run may have gone on at the gateway.',
    ),
    'retry',
  ],
  timeout: (t) => [t('The gateway took too long to answer. Try again in a moment.'), 'retry'],
  tls: (t, { detail }) =>
    detail === 'CERT_HAS_EXPIRED'
      ? [t("The gateway's certificate has expired. Tell whoever runs the gateway."), 'showLog']
      : detail === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? [t("The gateway's certificate is for another host name. Check the address."), 'setUpGateway']
        : [
            t(
              "The gateway's certificate is not trusted on this machine. Install your company's certificate authority, or name its file in codeInterpreter.gateway.caFile.",
            ),
            'openCertificateSettings',
          ],
  tls_failed: (t) => [
    t(
      'No secure connection to the gateway could be agreed on. It may want a client certificate, or speak an old TLS. The log has the details.',
    ),
    'showLog',
  ],
  too_large: (t) => [
    t('This is larger than the gateway accepts. Send less text or smaller files.'),
    undefined,
  ],
  window_closed: (t) => [t('The window was closed or reloaded before the run ended. Try again.'), 'retry'],
  wrong_scheme: (t, { detail }) => [
    detail === 'http'
      ? t('This address does not speak https. Enter it with http:// in the set-up, or check its port.')
      : detail === 'https'
        ? t('This address speaks https only. Enter it with https:// in the set-up.')
        : t(
            'The gateway speaks http where https was expected, or the other way round. Change the beginning of its address.',
          ),
    'setUpGateway',
  ],
};

/** Others' words as the end of a sentence. */
function closed(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

/** Day and time in the reader's own manner. @param at ms since the epoch */
function timeOf(at: number): string {
  return new Date(at).toLocaleString(undefined, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}
