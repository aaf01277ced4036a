/** What Python finds in its module `js`: nothing, and nothing can be added. */
export function createScriptGlobals(): object {
  return Object.freeze(Object.create(null));
}
