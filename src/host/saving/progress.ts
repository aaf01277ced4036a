import * as vscode from 'vscode';
import { formatBytes } from '../format.ts';

/** ms that a save may take before it shows progress: most are done before anyone could read it. */
const QUIET = 400;
/** ms between two reports. */
const PACE = 100;

/** How far a number of files are. */
export class FilesProgress<T> {
  readonly #count: number;
  readonly #parts = new Map<T, { got: number; length: number | undefined }>();
  #ended = 0;
  #bytes = 0;
  /** Called when there is more to tell. */
  onChange: () => void = () => {};

  constructor(count: number) {
    this.#count = count;
  }

  /** @param length bytes, where they are known */
  began(file: T, length: number | undefined): void {
    this.#parts.set(file, { got: 0, length });
  }

  came(file: T, bytes: number): void {
    const part = this.#parts.get(file);
    if (part) part.got += bytes;
    this.#bytes += bytes;
    this.onChange();
  }

  ended(file: T): void {
    this.#parts.delete(file);
    this.#ended++;
    this.onChange();
  }

  /** From 0 to 100. */
  get percent(): number {
    const under = [...this.#parts.values()].map(({ got, length }) =>
      length ? Math.min(1, got / length) : 0,
    );
    return (100 * under.reduce((sum, part) => sum + part, this.#ended)) / this.#count;
  }

  get message(): string {
    const came = formatBytes(this.#bytes);
    if (this.#count > 1)
      return vscode.l10n.t('{0} of {1} files, {2}', String(this.#ended), String(this.#count), came);
    const [part] = this.#parts.values();
    return part?.length ? vscode.l10n.t('{0} of {1}', came, formatBytes(part.length)) : came;
  }
}

/** Does something that may take long; if it does, with a notification that shows how far it is and can cancel it. */
export async function withProgress<T>(
  title: string,
  files: FilesProgress<unknown>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const result = work(abort.signal);
  const ended = result.then(
    () => 'ended' as const,
    () => 'ended' as const,
  );
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'patience'>((resolve) => {
    timer = setTimeout(() => resolve('patience'), QUIET);
  });
  const first = await Promise.race([ended, patience]);
  clearTimeout(timer);
  if (first === 'ended') return result;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const subscription = token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    let shownAt = 0;
    const show = () => {
      if (Date.now() - shownAt < PACE) return;
      shownAt = Date.now();
      const { percent, message } = files;
      progress.report({ message, increment: Math.max(0, percent - shown) });
      shown = Math.max(shown, percent);
    };
    files.onChange = show;
    show();
    await ended;
    subscription.dispose();
  });
  return result;
}
