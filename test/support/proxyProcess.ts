import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import type { Identity } from './certificates.ts';

export interface ProxyOptions {
  /** `user:password` that it asks for. */
  readonly credentials?: string;
  /** Makes it one that is spoken to in TLS. */
  readonly identity?: Identity;
}

/** What it does instead of passing everything on. */
export interface ProxyBehaviour {
  /** Answers every request with this status and a web page. */
  readonly refuse?: number;
  /** Closes the connection instead of answering. */
  readonly hangUp?: boolean;
  /** Answers with something that is not HTTP. */
  readonly garbage?: boolean;
  /** Dies once so many bytes of an answer have been passed on. */
  readonly dieAfter?: number;
}

export interface ProxiedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export type ProxyReport =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'behaving' }
  | { readonly type: 'count'; readonly connections: number }
  | ({ readonly type: 'request' } & ProxiedRequest);

/** A real proxy in a process of its own, on loopback. */
export class ProxyProcess implements AsyncDisposable {
  readonly seen: ProxiedRequest[] = [];
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    child.on('message', (message: ProxyReport) => {
      if (message.type === 'request') this.seen.push(message);
    });
  }

  static async start(options: ProxyOptions = {}): Promise<ProxyProcess> {
    const child = fork(path.join(import.meta.dirname, 'proxyProgram.ts'), [JSON.stringify(options)], {
      execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
    });
    const [message] = (await once(child, 'message')) as [ProxyReport];
    if (message.type !== 'ready') throw new Error('the proxy did not start');
    return new ProxyProcess(child, message.port);
  }

  /** From the next request on. */
  async behave(behaviour: ProxyBehaviour): Promise<void> {
    await this.#ask(behaviour, 'behaving');
  }

  /** How many connections to it are open. */
  async connections(): Promise<number> {
    const answer = await this.#ask('count', 'count');
    return answer.type === 'count' ? answer.connections : Number.NaN;
  }

  async #ask(message: ProxyBehaviour | 'count', answer: ProxyReport['type']): Promise<ProxyReport> {
    return new Promise((resolve) => {
      const listen = (report: ProxyReport) => {
        if (report.type !== answer) return;
        this.#child.off('message', listen);
        resolve(report);
      };
      this.#child.on('message', listen);
      this.#child.send(message);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
