/** Every object that JavaScript code can reach without being given it: those with names, and those of syntax alone. */
export function reachableIntrinsics(): ReadonlySet<object> {
  const seen = new Set<object>();
  const queue: unknown[] = [globalThis, ...hiddenPrototypes()];
  while (queue.length > 0) {
    const next = queue.pop();
    if ((typeof next !== 'object' && typeof next !== 'function') || next === null || seen.has(next)) continue;
    seen.add(next);
    for (const key of Reflect.ownKeys(next)) {
      const property = Reflect.getOwnPropertyDescriptor(next, key);
      if (property) queue.push(property.value, property.get, property.set);
    }
    queue.push(Reflect.getPrototypeOf(next));
  }
  return seen;
}

// Newer than the types of the language that the project is checked with.
const Iterators = Reflect.get(globalThis, 'Iterator') as {
  from(source: object): { map(change: (value: unknown) => unknown): object };
};

/** Prototypes that have no name on the global object. */
function hiddenPrototypes(): (object | null)[] {
  const functions = [function* () {}, async () => {}, async function* () {}];
  const iterators = [
    [].values(),
    ''[Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    ''.matchAll(/a/g),
  ];
  const helpers = [Iterators.from([]).map(String), Iterators.from({ next: () => ({ done: true }) })];
  return [...functions, ...iterators, ...helpers].map(Reflect.getPrototypeOf);
}
