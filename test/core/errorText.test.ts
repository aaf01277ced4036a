import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify, moreTelling, safeDetail } from '../../src/core/classify.ts';
import { describeError, type ErrorAction } from '../../src/core/errorText.ts';
import type { ErrorKind } from '../../src/core/events.ts';

/** The button beside the sentence of each kind; with none, a person has to change what was asked. */
const ACTIONS: Readonly<Record<ErrorKind, ErrorAction | undefined>> = {
  address_invalid: 'setUpGateway',
  admin_only: 'showLog',
  answers_gone: 'retry',
  bad_request: 'showLog',
  ca_file: 'openCertificateSettings',
  client_certificate: 'openCertificateSettings',
  client_certificate_needed: 'openCertificateSettings',
  connection_lost: 'retry',
  connection_refused: 'setUpGateway',
  container_expired: 'newSession',
  content_refused: undefined,
  file_changed: 'retry',
  key_missing: 'setUpGateway',
  key_not_allowed: 'setUpGateway',
  key_rejected: 'setUpGateway',
  local_gateway: 'showLog',
  model_unknown: 'chooseModel',
  name_not_found: 'setUpGateway',
  no_code_interpreter: 'chooseModel',
  no_local_python: 'setUpGateway',
  not_an_api: 'setUpGateway',
  not_found: 'refresh',
  not_understood: 'showLog',
  not_yours: 'newSession',
  other_gateway: 'setUpGateway',
  passphrase: 'setUpGateway',
  provider_key: 'showLog',
  proxy: 'openProxySettings',
  proxy_auth: 'openProxySettings',
  proxy_tls: 'openCertificateSettings',
  proxy_unreachable: 'openProxySettings',
  quota: 'setUpGateway',
  rate_limited: 'retry',
  redirected: 'setUpGateway',
  route_missing: 'showLog',
  server: 'retry',
  stream_cut: 'retry',
  timeout: 'retry',
  tls: 'openCertificateSettings',
  tls_failed: 'showLog',
  too_large: undefined,
  window_closed: 'retry',
  wrong_scheme: 'setUpGateway',
};

describe('describeError', () => {
  const t = (text: string, ...args: readonly string[]) =>
    text.replace(/\{(\d)\}/g, (_all, n) => args[Number(n)] ?? '');
  for (const kind of Object.keys(ACTIONS) as ErrorKind[]) {
    it(`${kind}: a plain sentence and its button, with and without the server's words`, () => {
      for (const detail of [undefined, "Missing required parameter: 'x'."]) {
        const { sentence, action } = describeError(detail === undefined ? { kind } : { kind, detail }, t);
        assert.match(sentence, /^[A-Z].*\.$/);
        assert.equal(action, ACTIONS[kind]);
        assert.ok(sentence.length <= 200 && !/\{\d\}|undefined|_/.test(sentence), sentence);
      }
    });
  }
});

describe('classify', () => {
  it('goes by code, then by words, then by status', () => {
    assert.equal(
      classify({ code: 'model_not_found', type: undefined, message: 'Container is expired.' }, 500),
      'model_unknown',
    );
    assert.equal(
      classify({ code: '400', type: undefined, message: 'Container is expired.' }, 400),
      'container_expired',
    );
    assert.equal(classify({ code: '429', type: undefined, message: 'slow' }), 'rate_limited');
    assert.equal(classify(undefined, 503), 'server');
  });
});

describe('moreTelling', () => {
  it('prefers a reason over none, and words over none', () => {
    assert.equal(moreTelling({ kind: 'server' }, { kind: 'quota' })?.kind, 'quota');
    assert.equal(moreTelling({ kind: 'quota' }, { kind: 'server', detail: 'x' })?.kind, 'quota');
    assert.equal(moreTelling(undefined, { kind: 'server' })?.kind, 'server');
  });
});

describe('safeDetail', () => {
  it('is one line without anything that looks like a key', () => {
    const detail = safeDetail(
      'Bad key sk-proj-abcDEF0123456789\nAuthorization: Bearer abc.def.ghi\u202e end',
    );
    assert.equal(detail, 'Bad key … Authorization: … end');
  });
  it('is at most 300 characters', () => assert.equal(safeDetail('x '.repeat(5_000)).length, 300));
});
