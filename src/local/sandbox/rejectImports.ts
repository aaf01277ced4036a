import { host } from './host.ts';

/** From now on this process loads no module, not even one of Node's own. */
export function rejectImports(): void {
  const refuse = (): never => {
    throw new Error('Nothing can be imported here.');
  };
  host.registerHooks({ resolve: refuse, load: refuse });
}
