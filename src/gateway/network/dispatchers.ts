import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Dispatcher as AnyDispatcher, buildConnector as ConnectorBuilder } from 'undici';
import api from 'undici/lib/api/index.js';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import type { ProxyServer } from './proxy.ts';
import { connectionError, proxyError, tunnelRefused } from './transportError.ts';
import type { Trust } from './trust.ts';

// What undici's index does for its own users, without the rest of the index (`undici.d.ts`).
Object.assign(Dispatcher.prototype, api);

/** ms to reach a server, its TLS handshake included. */
const CONNECT_TIMEOUT = 15_000;
/** ms that a proxy may take to reach the gateway. */
const TUNNEL_TIMEOUT = 15_000;
/** ms of silence after which the other side is asked for a sign of life: a run may be silent for long, its peer dead. */
const KEEP_ALIVE = 30_000;

type Connector = ConnectorBuilder.connector;

/** How to get to a server. */
export interface Way {
  readonly proxy: ProxyServer | undefined;
  /** Undefined where neither the server nor the proxy speaks TLS. */
  readonly trust: Trust | undefined;
  /** Whether certificates of servers are checked. */
  readonly strict: boolean;
}

type RouteRequest = Pick<
  AnyDispatcher.RequestOptions,
  'body' | 'bodyTimeout' | 'headersTimeout' | 'method' | 'signal'
> & { readonly headers: Readonly<Record<string, string>> };

/** Connections to one server on one way. */
export class Route {
  readonly #forwarder: ProxyServer | undefined;
  /** For what may be repeated: connections are used again. */
  readonly #kept: Agent;
  /** For what may not: a connection of its own for each request, for one used before may just be closing. */
  readonly #fresh: Agent;
  readonly #tunnels: Agent | undefined;
  #underWay = 0;
  #whenIdle: (() => void) | undefined;

  /** @param secure whether the server speaks TLS */
  constructor(way: Way, secure: boolean) {
    const { proxy } = way;
    let connect: Connector;
    if (proxy === undefined) {
      connect = toServer(way);
    } else if (secure) {
      this.#tunnels = new Agent({ connect: toProxy(way, proxy), headersTimeout: TUNNEL_TIMEOUT });
      connect = throughTunnel(this.#tunnels, proxy, toServer(way));
    } else {
      // Many proxies open tunnels to https ports only, so plain http is forwarded.
      this.#forwarder = proxy;
      connect = toProxy(way, proxy);
    }
    this.#kept = new Agent({ connect });
    this.#fresh = new Agent({ connect, pipelining: 0 });
  }

  /** Sends a request. Rejects with whatever undici does, or a GatewayError where no connection came about. */
  async request(url: URL, options: RouteRequest): Promise<AnyDispatcher.ResponseData> {
    this.#underWay++;
    try {
      const response = await this.#dispatch(url, options);
      response.body.once('close', () => this.#ended());
      return response;
    } catch (error) {
      this.#ended();
      throw error;
    }
  }

  #dispatch(url: URL, options: RouteRequest): Promise<AnyDispatcher.ResponseData> {
    const agent = options.method === 'POST' ? this.#fresh : this.#kept;
    const path = url.pathname + url.search;
    const forwarder = this.#forwarder;
    if (forwarder === undefined) {
      return agent.request({ ...options, headers: { ...options.headers }, origin: url.origin, path });
    }
    const headers = { ...options.headers, host: url.host, ...authorizationFor(forwarder) };
    return agent.request({ ...options, headers, origin: forwarder.origin, path: url.origin + path });
  }

  #ended(): void {
    this.#underWay--;
    if (this.#underWay === 0) this.#whenIdle?.();
  }

  /** Closes every connection, once what is under way on it has ended; no request may follow. */
  async close(): Promise<void> {
    // undici's own way forgets its connections at once, so that nobody could end them any more.
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.destroy();
  }

  /** Closes every connection at once. */
  async destroy(): Promise<void> {
    await Promise.all([this.#kept.destroy(), this.#fresh.destroy(), this.#tunnels?.destroy()]);
  }
}

function authorizationFor(proxy: ProxyServer): Readonly<Record<string, string>> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
}

function toServer({ trust, strict }: Way): Connector {
  return translated(connector(trust?.gateway, strict), connectionError);
}

function toProxy({ trust, strict }: Way, proxy: ProxyServer): Connector {
  const connect = connector(trust?.proxy, strict);
  return translated(
    // The name that undici gives is the server's; without one the connector takes the proxy's.
    (options, callback) => connect({ ...options, servername: '' }, callback),
    (error) => proxyError(error, proxy),
  );
}

function connector(secureContext: SecureContext | undefined, strict: boolean): Connector {
  return buildConnector({
    timeout: CONNECT_TIMEOUT,
    keepAliveInitialDelay: KEEP_ALIVE,
    allowH2: false,
    rejectUnauthorized: strict,
    ...(secureContext && { secureContext }),
  });
}

/** A connector whose errors say which of the servers on the way failed. */
function translated(connect: Connector, toError: (error: Error) => Error): Connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(toError(error), null);
      socket.on('error', (reason) => {
        // Whoever decides on sending again wants to know whether an answer had begun (`retry.ts`).
        Object.assign(reason, { bytesRead: socket.bytesRead });
        // undici would take the end that follows for the reason, and a server's TLS alert would be lost.
        socket.destroy(reason);
      });
      callback(null, socket);
    });
}

/** A connector that asks a proxy for a way through (RFC 9110, section 9.3.6) and speaks TLS with the server inside it. */
function throughTunnel(tunnels: Agent, proxy: ProxyServer, secure: Connector): Connector {
  return (options, callback) => {
    const target = options.port
      ? (options.host ?? options.hostname)
      : `${options.host ?? options.hostname}:443`;
    tunnels
      .connect({
        origin: proxy.origin,
        path: target,
        // Some proxies take the end of the request for the end of the tunnel without this.
        headers: { host: target, 'proxy-connection': 'keep-alive', ...authorizationFor(proxy) },
      })
      .then(
        ({ statusCode, socket }) => {
          if (statusCode >= 200 && statusCode < 300) {
            secure({ ...options, httpSocket: socket as Socket }, callback);
            return;
          }
          socket.on('error', () => {}).destroy();
          callback(tunnelRefused(statusCode), null);
        },
        (error: unknown) => callback(proxyError(error, proxy), null),
      );
  };
}
