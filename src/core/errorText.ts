import type { ErrorKind, RunError } from './events.ts';

/** What a button beside an error does. */
export type ErrorAction =
  | 'setUpGateway'
  | 'chooseModel'
  | 'newSession'
  | 'retry'
  | 'openSettings'
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

type Words = (t: Translate, error: RunError) => readonly [string, ErrorAction | undefined];

const TEXTS: Readonly<Record<ErrorKind, Words>> = {
  address_invalid: (t) => [
    t(
      'The gateway address is not a web address. Enter one that starts with https:// (or http:// for this machine).',
    ),
    'setUpGateway',
  ],
  bad_request: (t, { detail }) => [
    detail
      ? t('The gateway did not accept the request: {0}', detail)
      : t('The gateway did not accept the request. The log has the details.'),
    'showLog',
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
    t('This container has expired and its files are gone. Start a new session to continue.'),
    'newSession',
  ],
  content_refused: (t) => [
    t('The provider refused the content of this request. Change the prompt and try again.'),
    undefined,
  ],
  file_changed: (t) => [
    t('The download did not match what the gateway announced, so nothing was saved. Try again.'),
    'showLog',
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
    'showLog',
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
  not_an_api: (t) => [
    t('The gateway answered with a web page instead of data, perhaps a login page. Check the address.'),
    'setUpGateway',
  ],
  not_found: (t) => [
    t('The gateway does not have this any more. Refresh the list and try again.'),
    undefined,
  ],
  not_understood: (t) => [
    t("The gateway's answer could not be understood. The log has the details."),
    'showLog',
  ],
  proxy: (t) => [t('The network proxy refused the connection. Check the proxy settings.'), 'openSettings'],
  quota: (t) => [
    t('The quota or budget of this key is used up. Ask whoever runs the gateway, or use another key.'),
    'setUpGateway',
  ],
  rate_limited: (t) => [t('The gateway is busy: too many requests. Wait a moment, then try again.'), 'retry'],
  redirected: (t) => [
    t(
      'The gateway redirects to another place, where the key is not sent. Enter the final address in the set-up.',
    ),
    'setUpGateway',
  ],
  route_missing: (t) => [
    t('This gateway is too old or not set up for the code interpreter: it lacks a needed route.'),
    'showLog',
  ],
  server: (t, { detail }) => [
    detail
      ? t('The gateway or its provider failed: {0}', detail)
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
  tls: (t) => [
    t(
      "The gateway's certificate is not trusted on this machine. Install your company's certificate authority.",
    ),
    'openSettings',
  ],
  too_large: (t) => [
    t('This is larger than the gateway accepts. Send less text or smaller files.'),
    undefined,
  ],
};
