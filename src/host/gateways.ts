import * as vscode from 'vscode';
import { GatewayError } from '../core/errors.ts';
import type { GatewayLabel } from '../core/session.ts';
import { GatewayClient } from '../gateway/client.ts';
import type { GatewayAddress } from '../gateway/http.ts';
import type { Transport } from '../gateway/transport.ts';
import { SETTINGS } from './ids.ts';
import type { LocalGateway } from './localGateway.ts';
import type { Keys } from './secrets.ts';
import { readNetwork, readSettings } from './settings.ts';

/** The one model of the local gateway. */
export const BUILT_IN_MODEL = 'built-in';

/** A gateway ready to be used. */
export interface Gateway {
  readonly client: GatewayClient;
  readonly label: GatewayLabel;
  /** The same for the same gateway, whatever its key; another for a local one that was started anew. */
  readonly id: string;
}

/** Which gateway is in use: the configured one, else the local one. */
export class Gateways implements vscode.Disposable {
  readonly #keys: Keys;
  readonly #local: LocalGateway;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #transport: Promise<Transport> | undefined;
  #client: { readonly id: string; readonly client: GatewayClient } | undefined;

  /** Fires when the gateway, its key or its model changed. */
  readonly onDidChange = this.#changed.event;

  constructor(keys: Keys, local: LocalGateway) {
    this.#keys = keys;
    this.#local = local;
    const keysChanged = keys.onDidChange(() => this.#keyChanged());
    const settingsChanged = vscode.workspace.onDidChangeConfiguration((event) => {
      const affects = (name: string) => event.affectsConfiguration(`${SETTINGS.section}.${name}`);
      if (affects(SETTINGS.nodePath)) local.dispose();
      if (affects(SETTINGS.url) || affects(SETTINGS.model)) this.#changed.fire();
    });
    this.#subscription = vscode.Disposable.from(keysChanged, settingsChanged);
  }

  /** What the gateway in use is called, without reaching for it. */
  label(): GatewayLabel {
    const { url, model } = readSettings();
    return url === ''
      ? { name: vscode.l10n.t('Local Python'), local: true, model: BUILT_IN_MODEL }
      : { name: hostOf(url), local: false, model };
  }

  /** Whether the settings mean this gateway, or for a local one some local gateway. Starts nothing. */
  isInUse(gateway: Gateway): boolean {
    const { url } = readSettings();
    return gateway.label.local ? url === '' : gateway.id === remoteId(url);
  }

  /** The gateway in use. @throws GatewayError */
  async current(): Promise<Gateway> {
    const { url } = readSettings();
    const label = this.label();
    const address =
      url === '' ? await this.#local.address() : { baseUrl: url, key: await this.#keys.read(url) };
    const id = label.local ? `${address.baseUrl}#${address.key}` : remoteId(url);
    if (this.#client?.id !== id) this.#client = { id, client: await this.connect(address) };
    return { client: this.#client.client, label, id };
  }

  /** A client for any address, as for trying one out. @throws GatewayError `address_invalid` */
  async connect(address: GatewayAddress): Promise<GatewayClient> {
    this.#transport ??= loadTransport();
    return new GatewayClient(address, await this.#transport);
  }

  /** The model for the next run: the one set, else the gateway's first. @throws GatewayError */
  async model(gateway: Gateway, signal?: AbortSignal): Promise<string> {
    if (gateway.label.model !== '') return gateway.label.model;
    const [first] = await gateway.client.models(signal);
    if (first === undefined) throw new GatewayError({ kind: 'model_unknown' });
    return first;
  }

  /** A key was stored or removed: the next use reads it. */
  #keyChanged(): void {
    this.#client = undefined;
    this.#changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#local.dispose();
    this.#changed.dispose();
    void this.#transport?.then((transport) => transport.close());
  }
}

/** The HTTP client is large and not needed before the first request. */
async function loadTransport(): Promise<Transport> {
  const { Transport } = await import('../gateway/transport.ts');
  return new Transport(readNetwork);
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function remoteId(url: string): string {
  return `${url}#`;
}
