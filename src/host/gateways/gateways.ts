import { createHash, randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { GatewayError } from '../../core/errors.ts';
import type { GatewayLabel } from '../../core/session.ts';
import type { GatewayAddress } from '../../gateway/address.ts';
import type { ContainerListener, GatewayClient } from '../../gateway/client.ts';
import type { Healed } from '../../gateway/files/ownership.ts';
import type { Transport } from '../../gateway/network/transport.ts';
import { SETTINGS } from '../ids.ts';
import type { Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import type { LocalGateway } from './localGateway.ts';
import type { Keys } from './secrets.ts';

export const LOCAL_TOKEN = 'local';

const LOCAL_SETTINGS = `${SETTINGS.section}.localGateway`;

/** The one model of the local gateway. */
export const BUILT_IN_MODEL = 'built-in';

/** A gateway ready to be used. */
export interface Gateway {
  readonly client: GatewayClient;
  readonly label: GatewayLabel;
  /** The same for the same gateway, whatever its key; another for a local one that was started anew. No secret. */
  readonly id: string;
  /** Names it in addresses of files: lower-case letters and digits; `local` for every local one. */
  readonly token: string;
}

/** What came of a call on a container. */
export interface ContainerAnswer {
  readonly containerId: string;
  readonly answer: 'used' | 'expired';
  /** At the local gateway. */
  readonly local: boolean;
}

/** Which gateway is in use: the configured one, else the local one. */
export class Gateways implements vscode.Disposable {
  readonly #keys: Keys;
  readonly #local: LocalGateway;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #healed = new vscode.EventEmitter<Healed>();
  readonly #answered = new vscode.EventEmitter<ContainerAnswer>();
  readonly #subscription: vscode.Disposable;
  #transport: Promise<Transport> | undefined;
  /** The local gateway that was last used, and the id it was given. */
  #localStart: { readonly address: GatewayAddress; readonly id: string } | undefined;
  #client: { readonly id: string; readonly client: GatewayClient } | undefined;
  /** Gateways that this window has used, by their tokens: files of theirs may be open still. */
  readonly #used = new Map<string, Gateway>();

  /** Fires when the gateway, its key or its model changed. */
  readonly onDidChange = this.#changed.event;
  /** Fires when something was refused at first and put right behind the scenes. */
  readonly onDidHeal = this.#healed.event;
  /** Fires when a container was used, or turned out to have expired. */
  readonly onDidAnswer = this.#answered.event;

  constructor(keys: Keys, local: LocalGateway, log: Log) {
    this.#keys = keys;
    this.#local = local;
    this.#log = log;
    const keysChanged = keys.onDidChange(() => this.#keyChanged());
    const settingsChanged = vscode.workspace.onDidChangeConfiguration((event) => {
      const affects = (name: string) => event.affectsConfiguration(`${SETTINGS.section}.${name}`);
      if (event.affectsConfiguration(LOCAL_SETTINGS) && local.running) void this.#offerRestart();
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

  /** Whether this local gateway is the one that was last used in this window and has not been ended since. */
  isRunning(id: string): boolean {
    return this.#local.running && this.#localStart?.id === id;
  }

  /** The gateway in use. @throws GatewayError */
  async current(): Promise<Gateway> {
    const { url } = readSettings();
    const label = this.label();
    const address =
      url === '' ? await this.#local.address() : { baseUrl: url, key: await this.#keys.read(url) };
    const id = label.local ? this.#localId(address) : remoteId(url);
    if (this.#client?.id !== id) this.#client = { id, client: await this.connect(address, label.local) };
    const gateway = { client: this.#client.client, label, id, token: tokenOf(url) };
    this.#used.set(gateway.token, gateway);
    return gateway;
  }

  /** The token of the gateway in use, without reaching for it. */
  token(): string {
    return tokenOf(readSettings().url);
  }

  /**
   * The gateway that addresses of files name: the one in use, or one that this window has used. Starts nothing.
   *
   * @returns undefined where it is not connected
   * @throws GatewayError
   */
  async at(token: string): Promise<Gateway | undefined> {
    if (token === LOCAL_TOKEN && !this.#local.running) return undefined;
    if (token === this.token()) return this.current();
    const used = this.#used.get(token);
    if (used === undefined || token !== LOCAL_TOKEN) return used;
    // It may have been started anew since.
    return used.id === this.#localId(await this.#local.address()) ? used : undefined;
  }

  /** A client for any address, as for trying one out. @throws GatewayError `address_invalid` */
  async connect(address: GatewayAddress, local = false): Promise<GatewayClient> {
    // Large, and needed by nobody before the first request.
    const { GatewayClient } = await import('../../gateway/client.ts');
    this.#transport ??= this.#loadTransport();
    const onHealed = (healed: Healed) => this.#healed.fire(healed);
    const onContainer: ContainerListener = (containerId, answer) =>
      this.#answered.fire({ containerId, answer, local });
    return new GatewayClient(address, await this.#transport, { onHealed, onContainer });
  }

  /** The model for the next run: the one set, else the gateway's first. @throws GatewayError */
  async model(gateway: Gateway, signal?: AbortSignal): Promise<string> {
    if (gateway.label.model !== '') return gateway.label.model;
    const [first] = await gateway.client.models(signal);
    if (first === undefined) throw new GatewayError({ kind: 'model_unknown' });
    return first;
  }

  /** Ends the local gateway, with its containers; the next use starts it with the settings as they are then. */
  restartLocal(): void {
    this.#local.dispose();
    this.#changed.fire();
  }

  /** Each start gives an address of its own. */
  #localId(address: GatewayAddress): string {
    if (this.#localStart?.address !== address) this.#localStart = { address, id: `local#${randomUUID()}` };
    return this.#localStart.id;
  }

  /** A change of its settings must not cost anyone a container unasked. */
  async #offerRestart(): Promise<void> {
    const restart = vscode.l10n.t('Restart Local Python');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'This setting counts once the local Python is started anew. Its containers and their files go then: save what you need first.',
      ),
      restart,
    );
    if (chosen === restart) this.restartLocal();
  }

  /** A key was stored or removed: the next use reads it. */
  #keyChanged(): void {
    this.#client = undefined;
    this.#changed.fire();
  }

  async #loadTransport(): Promise<Transport> {
    const { Transport } = await import('../../gateway/network/transport.ts');
    const { systemProxyOf } = await import('./systemProxy.ts');
    const { readNetwork } = await import('./networkSettings.ts');
    const systemProxy = systemProxyOf(vscode.env.appRoot, (text) => this.#log.warn(text));
    const passphrase = () => this.#keys.passphrase();
    return new Transport(() => ({ ...readNetwork(), systemProxy, passphrase }), this.#log);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#local.dispose();
    this.#changed.dispose();
    this.#healed.dispose();
    this.#answered.dispose();
    void this.#transport?.then((transport) => transport.close());
  }
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The same for an address with and without `/v1`. */
function tokenOf(url: string): string {
  if (url === '') return LOCAL_TOKEN;
  const base = (URL.canParse(url) ? new URL(url).href : url).replace(/(?:\/v1)?\/*$/, '');
  return createHash('sha256').update(base).digest('hex').slice(0, 16);
}

function remoteId(url: string): string {
  return `${url}#`;
}
