import type { ServerResponse } from 'node:http';
import { ApiError } from './apiError.ts';
import type { Route } from './exchange.ts';
import type { Target } from './target.ts';

/**
 * The route for a method and a path, with the values of its `{name}` segments.
 *
 * @param response gets an Allow header where only the method is wrong
 * @throws ApiError 404, 405
 */
export function findRoute(
  routes: readonly Route[],
  method: string,
  target: Target,
  response: ServerResponse,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
  const matching = routes.flatMap((route) => {
    const params = match(route.path.split('/').slice(1), target.segments);
    return params === undefined ? [] : [{ route, params }];
  });
  const found = matching.find(({ route }) => route.method === method);
  if (found) return found;
  const path = target.path.slice(0, 200);
  if (matching.length === 0) throw new ApiError(404, `Invalid URL (${method} ${path})`);
  response.setHeader('allow', matching.map(({ route }) => route.method).join(', '));
  throw new ApiError(
    405,
    `Not allowed to ${method} on ${path}. (HINT: Perhaps you meant to use a different HTTP method?)`,
    { code: 'method_not_allowed' },
  );
}

function match(
  pattern: readonly string[],
  segments: readonly (string | undefined)[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at];
    if (segment === undefined) return undefined;
    const name = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name !== undefined) params[name] = segment;
    else if (segment !== expected) return undefined;
  }
  return params;
}
