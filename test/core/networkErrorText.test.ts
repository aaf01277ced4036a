import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeError } from '../../src/core/errorText.ts';
import type { RunError } from '../../src/core/events.ts';

const t = (text: string, ...args: readonly string[]) =>
  text.replace(/\{(\d)\}/g, (_all, n) => args[Number(n)] ?? '');

/** What a person must find in the sentence, and the button beside it. */
const cases: readonly (readonly [RunError, RegExp, string | undefined])[] = [
  [
    { kind: 'ca_file', detail: '/ca.pem does not exist' },
    /gateway\.caFile .*\/ca\.pem does not exist/,
    'openCertificateSettings',
  ],
  [
    { kind: 'client_certificate', detail: '/k does not exist' },
    /gateway\.clientCertificate .*\/k does/,
    'openCertificateSettings',
  ],
  [{ kind: 'client_certificate_needed' }, /asks for a client certificate/, 'openCertificateSettings'],
  [{ kind: 'passphrase' }, /passphrase/, 'setUpGateway'],
  [{ kind: 'proxy', status: 403 }, /proxy refused/, 'openProxySettings'],
  [{ kind: 'proxy', status: 502 }, /proxy could not reach the gateway/, 'openProxySettings'],
  [{ kind: 'proxy', detail: 'socks5://proxy:1' }, /socks5:\/\/proxy:1 cannot be used/, 'openProxySettings'],
  [{ kind: 'proxy_auth', status: 407 }, /proxy wants a user name and password/, 'openProxySettings'],
  [{ kind: 'proxy_tls', detail: 'proxy:1' }, /proxy's certificate/, 'openCertificateSettings'],
  [{ kind: 'proxy_unreachable', detail: 'proxy:1' }, /proxy proxy:1 does not answer/, 'openProxySettings'],
  [
    { kind: 'redirected', status: 302, detail: 'https://sso.corp' },
    /redirects to https:\/\/sso\.corp,/,
    'setUpGateway',
  ],
  [{ kind: 'tls', detail: 'SELF_SIGNED_CERT_IN_CHAIN' }, /not trusted/, 'openCertificateSettings'],
  [{ kind: 'tls', detail: 'CERT_HAS_EXPIRED' }, /has expired/, 'showLog'],
  [{ kind: 'tls', detail: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /another host name/, 'setUpGateway'],
  [{ kind: 'tls_failed' }, /No secure connection/, 'showLog'],
  [{ kind: 'wrong_scheme', detail: 'http' }, /does not speak https.*http:\/\//, 'setUpGateway'],
  [{ kind: 'wrong_scheme', detail: 'https' }, /speaks https only.*https:\/\//, 'setUpGateway'],
];

for (const [error, pattern, action] of cases) {
  it(`${error.kind} ${error.detail ?? error.status ?? ''}: says what to mend`, () => {
    const described = describeError(error, t);
    assert.match(described.sentence, pattern);
    assert.equal(described.action, action);
  });
}
