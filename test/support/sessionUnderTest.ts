import assert from 'node:assert/strict';
import { type Notice, newSession, type RunEntry, type SessionEvent } from '../../src/core/session.ts';
import { headOf, parseSession, serialiseSession } from '../../src/core/stored/storedSession.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import type { Said } from '../../src/host/inputs/messageGuard.ts';
import { Attachments } from '../../src/host/session/attachments.ts';
import { Chain } from '../../src/host/session/chain.ts';
import { ImageStore } from '../../src/host/session/imageStore.ts';
import { type InputFile, RememberedInputs, type Reread } from '../../src/host/session/inputs.ts';
import { Runner } from '../../src/host/session/runner.ts';
import { SessionRecord } from '../../src/host/session/sessionRecord.ts';
import { goOn, type OpenedSession, storedOf } from '../../src/host/session/snapshot.ts';
import { waitFor } from './processes.ts';

const label = { name: 'Gateway', local: false, model: 'm' };

export const KEY_UNDER_TEST = 'test-key-0123456789abcdef';

/** A session as the extension builds it, without the editor around it. */
export class SessionUnderTest implements AsyncDisposable {
  readonly record: SessionRecord;
  readonly runner: Runner;
  readonly attachments: Attachments;
  readonly settings = { streaming: true, background: false };
  /** What reading a source again gives, by its URI; `gone` for all others. */
  readonly sources = new Map<string, Uint8Array>();
  /** What the person lets leave the machine. */
  mayLeave: (files: readonly InputFile[]) => readonly InputFile[] | undefined = (files) => files;
  /** Whether the person lets a message leave. */
  mayBeSaid: (said: Said) => boolean = () => true;
  readonly logged: unknown[] = [];
  readonly events: SessionEvent[] = [];
  readonly #transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));

  readonly #chain: Chain;

  /** @param opened goes on with a session of before */
  constructor(url: string, model = 'm', opened?: OpenedSession) {
    const client = new GatewayClient({ baseUrl: url, key: KEY_UNDER_TEST }, this.#transport, {
      onHealed: ({ containerId }) => this.record.accessRestored(containerId),
    });
    const state = opened?.session.state ?? newSession('s', label);
    const images = new ImageStore(opened?.session.pictures, opened?.load);
    this.record = new SessionRecord(state, (events) => this.events.push(...events), images);
    this.attachments = new Attachments((attachments) =>
      this.record.apply({ type: 'session.attachments', attachments }),
    );
    const inputs = new RememberedInputs((uri, size) => Promise.resolve(this.#reread(uri, size)));
    this.#chain = new Chain(this.record, inputs);
    this.runner = new Runner(this.record, this.#chain, this.attachments, {
      gateway: () => Promise.resolve({ client, label, id: 'g', token: 'g' }),
      model: () => Promise.resolve(model),
      settings: () => this.settings,
      mayLeave: (files) => Promise.resolve(this.mayLeave(files)),
      mayBeSaid: (said) => Promise.resolve(this.mayBeSaid(said)),
      containerName: () => 'test',
      containerUsed: () => {},
      log: (_level, error) => this.logged.push(error),
    });
    if (opened) goOn({ record: this.record, chain: this.#chain, sent: this.runner.sent }, opened);
  }

  /** The session as it would be stored now, and read again in another window. */
  reopened(): OpenedSession {
    const { record, attachments } = this;
    const parts = { record, chain: this.#chain, sent: this.runner.sent, attachments };
    const stored = storedOf(parts, 'g');
    const session = parseSession(serialiseSession(headOf(stored, undefined), stored))?.session;
    assert.ok(session, 'what was stored cannot be read');
    const kept = new Map<string, Uint8Array>();
    for (const { sha256 } of session.inputs.filter((input) => input.kept)) {
      const copy = this.#chain.inputs.copyOf(sha256);
      if (copy) kept.set(sha256, copy);
    }
    return { session, kept, load: (sha256) => Promise.resolve(this.record.images.bytesOf(sha256)) };
  }

  get last(): RunEntry {
    const run = this.record.state.runs.at(-1);
    assert.ok(run, 'nothing was run');
    return run;
  }

  /** All that was written in answer in the last run. */
  get answer(): string {
    return this.last.state.items
      .flatMap((item) => (item.kind === 'message' ? item.parts.map((part) => part.text) : []))
      .join('');
  }

  ask(prompt: string): Promise<void> {
    return this.runner.ask(prompt, {});
  }

  attach(name: string, text: string, uri?: string): void {
    const bytes = Buffer.from(text);
    if (uri !== undefined) this.sources.set(uri, bytes);
    this.attachments.add([{ name, bytes, uri }]);
  }

  notice(kind: Notice['kind']): Notice | undefined {
    return this.last.notices.find((notice) => notice.kind === kind);
  }

  /** Resolves when the last run is as `is` says. */
  async until(what: string, is: (run: RunEntry) => boolean): Promise<void> {
    await waitFor(() => is(this.last), { what });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.runner.stop();
    await this.#transport.close();
  }

  #reread(uri: string, size: number): Reread {
    const bytes = this.sources.get(uri);
    if (bytes === undefined) return 'gone';
    return bytes.byteLength === size ? bytes : 'changed';
  }
}
