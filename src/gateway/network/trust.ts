import { createSecureContext, type SecureContext } from 'node:tls';
import { Authorities } from './authorities.ts';
import {
  type ClientCertificate,
  checkClientCertificate,
  readClientCertificate,
  sameCertificate,
} from './clientCertificate.ts';
import type { NetworkSettings } from './network.ts';

/** Whom to trust and who to be; the same object as long as nothing changed. */
export interface Trust {
  /** With the client certificate. */
  readonly gateway: SecureContext;
  /** Without it: a proxy is not told who the user is. */
  readonly proxy: SecureContext;
}

/** Makes {@link Trust} from settings and files; keeps the last one made, for making one takes about 10 ms. */
export class TrustStore {
  readonly #authorities: Authorities;
  #last:
    | {
        readonly trust: Trust;
        readonly authorities: readonly string[];
        readonly own: ClientCertificate | undefined;
      }
    | undefined;

  /** @param warn for certificate authorities that are left out */
  constructor(warn: (text: string) => void) {
    this.#authorities = new Authorities(warn);
  }

  /** Notices files that changed. @throws GatewayError `ca_file`, `client_certificate`, `passphrase` */
  async trust(settings: NetworkSettings): Promise<Trust> {
    const [authorities, own] = await Promise.all([
      this.#authorities.trusted(settings),
      readClientCertificate(settings),
    ]);
    const last = this.#last;
    if (last?.authorities === authorities && sameCertificate(last.own, own)) return last.trust;
    if (own !== undefined) checkClientCertificate(own, settings);
    const trust = makeTrust([...authorities], own);
    this.#last = { trust, authorities, own };
    return trust;
  }
}

function makeTrust(ca: string[], own: ClientCertificate | undefined): Trust {
  const proxy = createSecureContext({ ca });
  return { proxy, gateway: own === undefined ? proxy : createSecureContext({ ca, ...own }) };
}
