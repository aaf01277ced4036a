/**
 * Machine code (WebAssembly) that this process still compiles once Python may run: the shared objects that came with
 * the packages, and the tiny modules that Pyodide makes to turn a function into one that C can call.
 */
import { copyBytes } from './realBytes.ts';

const { Module } = WebAssembly;
const { apply, construct, ownKeys } = Reflect;
const mostForwarding = 1024;
/** Sections with which a module can only pass on what it was given: types, imports, exports, custom ones. */
const forwarding: readonly number[] = [0, 1, 2, 7];

type Bytes = Uint8Array<ArrayBuffer>;

export interface ModuleSeal {
  /** From here on only these and forwarding modules are compiled. Their bytes must never change. */
  close(allowed: readonly Uint8Array[]): void;
}

/** Puts itself before each way to compile a module. To be called before Pyodide loads. */
export function sealModules(): ModuleSeal {
  let allowed: ReadonlyMap<number, readonly Uint8Array[]> | undefined;

  function checked(source: unknown): Bytes {
    const bytes = copyBytes(source);
    if (bytes && (!allowed || onlyForwards(bytes) || isKnown(bytes))) return bytes;
    throw new WebAssembly.CompileError('Only what came with the packages can be loaded here.');
  }

  function isKnown(bytes: Bytes): boolean {
    return (allowed?.get(bytes.length) ?? []).some((known) => equal(known, bytes));
  }

  const { compile, instantiate } = WebAssembly;
  const guards = {
    Module: sealed(checked),
    compile: async (source: unknown) => apply(compile, WebAssembly, [checked(source)]),
    instantiate: async (source: unknown, imports: unknown) =>
      // Bytes that pass themselves off as a module are bytes.
      apply(instantiate, WebAssembly, [
        !copyBytes(source) && source instanceof Module ? source : checked(source),
        imports,
      ]),
    validate: () => false,
  };
  for (const key of ownKeys(guards) as (keyof typeof guards)[]) {
    Object.defineProperty(WebAssembly, key, { value: guards[key] });
  }
  return {
    close(modules) {
      for (const key of ['compileStreaming', 'instantiateStreaming', 'Memory']) {
        Reflect.deleteProperty(WebAssembly, key);
      }
      const byLength = new Map<number, Uint8Array[]>();
      for (const bytes of modules) {
        byLength.set(bytes.length, [...(byLength.get(bytes.length) ?? []), bytes]);
      }
      allowed = byLength;
    },
  };
}

/** A stand-in for the constructor of modules: what comes out of it are real ones. */
function sealed(checked: (source: unknown) => Bytes): object {
  function Guarded(source: unknown): object {
    return construct(Module, [checked(source)]);
  }
  const { customSections, exports, imports } = Module;
  return Object.assign(Guarded, { prototype: Module.prototype, customSections, exports, imports });
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

/** Whether a module has no code, no memory and no table of its own. */
function onlyForwards(bytes: Bytes): boolean {
  if (bytes.length > mostForwarding) return false;
  let at = 8;
  while (at < bytes.length) {
    const section = bytes[at++] ?? 0;
    if (!forwarding.includes(section)) return false;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += length;
  }
  return true;
}
