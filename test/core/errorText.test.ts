import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify, moreTelling, safeDetail } from '../../src/core/classify.ts';
import { describeError } from '../../src/core/errorText.ts';
import type { ErrorKind } from '../../src/core/events.ts';

const KINDS: Readonly<Record<ErrorKind, true>> = {
  address_invalid: true,
  admin_only: true,
  bad_request: true,
  ca_file: true,
  client_certificate: true,
  client_certificate_needed: true,
  connection_lost: true,
  connection_refused: true,
  container_expired: true,
  content_refused: true,
  file_changed: true,
  key_missing: true,
  key_not_allowed: true,
  key_rejected: true,
  local_gateway: true,
  model_unknown: true,
  name_not_found: true,
  no_code_interpreter: true,
  no_local_python: true,
  not_an_api: true,
  not_found: true,
  not_understood: true,
  passphrase: true,
  not_yours: true,
  provider_key: true,
  proxy: true,
  proxy_auth: true,
  proxy_tls: true,
  proxy_unreachable: true,
  quota: true,
  rate_limited: true,
  redirected: true,
  route_missing: true,
  server: true,
  stream_cut: true,
  timeout: true,
  tls: true,
  tls_failed: true,
  too_large: true,
  wrong_scheme: true,
};

describe('describeError', () => {
  const t = (text: string, ...args: readonly string[]) =>
    text.replace(/\{(\d)\}/g, (_all, n) => args[Number(n)] ?? '');
  for (const kind of Object.keys(KINDS) as ErrorKind[]) {
    it(`${kind}: a plain sentence, with and without the server's words`, () => {
      for (const detail of [undefined, "Missing required parameter: 'x'."]) {
        const { sentence } = describeError(detail === undefined ? { kind } : { kind, detail }, t);
        assert.match(sentence, /^[A-Z].*\.$/);
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
