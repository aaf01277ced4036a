/**
 * The layers that lock Python in, by name, and what people are told where one is missing. The child proves each of them
 * at every start (`prove.ts`); the parent puts the words into a sentence.
 */
export const layers = {
  files: 'this Node does not refuse files',
  programs: 'this Node does not refuse programs',
  threads: 'this Node does not refuse threads',
  addons: 'this Node does not refuse native add-ons',
  debugger: 'this Node does not refuse the debugger',
  network: 'this Node does not refuse the network',
  evaluation: 'this Node does not refuse code made out of text',
  pages: 'this Node does not bound the memory of Python',
  heap: 'this Node does not bound the memory of scripts',
  imports: 'this Node does not refuse imports',
  globals: 'objects of this Node are within its reach',
  shell: 'it sees more than a bare shell',
  names: 'its module js is not empty',
  bridge: 'it can reach the insides of its interpreter',
  constructors: 'it can reach the constructors of scripts',
  intrinsics: 'it can change objects that all scripts share',
  buffers: 'its memory outside its own heap is not bounded',
  modules: 'it can load machine code of its own',
} as const;

export type Layer = keyof typeof layers;

/** A layer that is not there: Python must not be started. */
export class Unlocked extends Error {
  override readonly name = 'Unlocked';
  readonly layer: Layer;

  constructor(layer: Layer, cause?: unknown) {
    super(`The layer "${layer}" is missing.`, { cause });
    this.layer = layer;
  }
}
