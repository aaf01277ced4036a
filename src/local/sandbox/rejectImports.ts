import { host } from './host.ts';

/** What is said to who tries. */
export const noImports = 'Nothing can be imported here.';

/** From now on this process loads no module, not even one of Node's own. */
export function rejectImports(): void {
  const refuse = (): never => {
    throw new Error(noImports);
  };
  host.registerHooks({ resolve: refuse, load: refuse });
}
