import type * as vscode from 'vscode';
import { apiBase } from '../../gateway/address.ts';
import { KEY_VARIABLE, PASSPHRASE_VARIABLE } from '../ids.ts';

/** Keys in the editor's secret storage: each belongs to the origin it was entered for and is never sent elsewhere. */
export class Keys {
  readonly #storage: vscode.SecretStorage;

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  /** Fires when a key was stored or removed, in this window or another. */
  get onDidChange(): vscode.Event<unknown> {
    return this.#storage.onDidChange;
  }

  /** The key that was entered for a gateway. */
  async stored(url: string): Promise<string | undefined> {
    return this.#storage.get(slot(url));
  }

  /** The key for the gateway in use: the stored one, else the environment's. */
  async read(url: string): Promise<string | undefined> {
    return (await this.#storage.get(slot(url))) ?? (process.env[KEY_VARIABLE] || undefined);
  }

  /**
   * Stores a key, or removes it where it is empty.
   *
   * @returns whether the editor really keeps it: some builds say yes and forget
   */
  async write(url: string, key: string): Promise<boolean> {
    return this.#keep(slot(url), key);
  }

  /** What opens the key of the client certificate in the settings: the stored one, else the environment's. */
  async passphrase(): Promise<string | undefined> {
    return (await this.#storage.get(PASSPHRASE_SLOT)) ?? (process.env[PASSPHRASE_VARIABLE] || undefined);
  }

  /** Stores a passphrase, or removes it; as {@link write}. */
  async writePassphrase(passphrase: string): Promise<boolean> {
    return this.#keep(PASSPHRASE_SLOT, passphrase);
  }

  async #keep(name: string, secret: string): Promise<boolean> {
    if (secret === '') {
      await this.#storage.delete(name);
      return true;
    }
    await this.#storage.store(name, secret);
    return (await this.#storage.get(name)) === secret;
  }
}

const PASSPHRASE_SLOT = 'clientCertificatePassphrase';

function slot(url: string): string {
  return `gatewayKey:${apiBase(url).origin}`;
}
