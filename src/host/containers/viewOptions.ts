import * as vscode from 'vscode';
import type { FileFilter } from '../../core/fileFilter.ts';
import { SORT_ORDERS, type SortOrder } from '../../core/fileOrder.ts';
import { CONTEXT } from '../ids.ts';

const SORT_KEY = 'containers.sort';

/** Which files are shown, where that is not all. */
export interface ShownFiles {
  readonly filter: FileFilter;
  /** The filter in words. */
  readonly words: string;
  /** Tells of a path below the container whether it is shown. */
  readonly passes: (path: string) => boolean;
}

/** How the files of all containers are shown: their order, which is remembered, and which of them. */
export class ViewOptions implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #shown: ShownFiles | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get sort(): SortOrder {
    const stored = this.#memory.get<unknown>(SORT_KEY);
    return SORT_ORDERS.find((order) => order === stored) ?? 'time';
  }

  /** Undefined for all files. */
  get shown(): ShownFiles | undefined {
    return this.#shown;
  }

  /** Whether a whole list is needed to show any of it: gateways list the newest first, and know no other order. */
  get needsAll(): boolean {
    return this.sort !== 'time' || this.#shown !== undefined;
  }

  async setSort(order: SortOrder): Promise<void> {
    await this.#memory.update(SORT_KEY, order);
    this.#changed.fire();
  }

  /** @param shown undefined for all files */
  show(shown: ShownFiles | undefined): void {
    this.#shown = shown;
    void vscode.commands.executeCommand('setContext', CONTEXT.filtered, shown !== undefined);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
