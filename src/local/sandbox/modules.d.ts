declare module '*.py' {
  const source: string;
  export default source;
}

declare module 'pyodide/pyodide.asm.mjs' {
  const createPyodideModule: (settings: object) => Promise<object>;
  export default createPyodideModule;
}

declare module 'pyodide/pyodide.mjs' {
  export function loadPyodide(options: object): Promise<import('./pyodideTypes.ts').Pyodide>;
}
