import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** ms; the editor asks its window, which may have to run a script of the company's (PAC). */
const TIMEOUT = 5_000;

/**
 * Asks the editor for the proxy that the system has for an address, PAC files included. There is no public way to
 * ask: this is the one that the editor's own extensions use, the module that it patches Node's http with. Where it is
 * not there, or does not answer, there is no proxy.
 *
 * @param appRoot where the editor is installed
 * @param warn told once of a way that exists and failed
 */
export function systemProxyOf(
  appRoot: string,
  warn: (text: string) => void,
): (url: URL) => Promise<string | undefined> {
  let warned = false;
  return async (url) => {
    try {
      const resolve = findResolver(appRoot);
      if (resolve === undefined) return undefined;
      const timeout = new AbortController();
      const late = sleep(TIMEOUT, undefined, { signal: timeout.signal }).then(() => {
        throw new Error(`no answer within ${TIMEOUT / 1_000} s`);
      });
      const proxy = await Promise.race([resolve(url.href), late]).finally(() => timeout.abort());
      return typeof proxy === 'string' && proxy !== '' ? proxy : undefined;
    } catch (error) {
      if (!warned) warn(`The editor could not say which proxy the system has: ${String(error)}`);
      warned = true;
      return undefined;
    }
  };
}

type Resolver = (url: string) => unknown;

function findResolver(appRoot: string): Resolver | undefined {
  const load = createRequire(path.join(appRoot, 'package.json'));
  for (const folder of ['node_modules.asar', 'node_modules']) {
    try {
      const loaded: unknown = load(path.join(appRoot, folder, '@vscode', 'proxy-agent'));
      const resolver: unknown =
        typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, 'resolveProxyURL') : undefined;
      if (typeof resolver === 'function') return (url) => resolver(url);
    } catch (error) {
      if (!(error instanceof Error && Reflect.get(error, 'code') === 'MODULE_NOT_FOUND')) throw error;
    }
  }
  return undefined;
}
