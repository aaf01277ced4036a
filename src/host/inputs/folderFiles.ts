import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { baseName } from '../../core/files.ts';
import { formatBytes } from '../format.ts';

/** Files that are attached at once. */
const MOST_FILES = 200;
/** ms without a key press after which a pattern is tried out. */
const PAUSE = 250;

interface Found {
  readonly uris: readonly vscode.Uri[];
  /** Bytes. */
  readonly size: number;
}

/**
 * Asks for a pattern, telling how many files match it and how large they are; what `files.exclude` hides never does.
 *
 * @param largest bytes of all files together
 * @returns in the order of their paths; undefined where the person gave up
 */
export async function askForFolderFiles(
  folder: vscode.Uri,
  largest: number,
): Promise<readonly vscode.Uri[] | undefined> {
  const input = vscode.window.createInputBox();
  input.title = vscode.l10n.t('Attach Files of {0}', baseName(folder.path) || folder.path);
  input.placeholder = vscode.l10n.t('Which files? For example **/*.csv or 2025/*.json');
  input.value = '**/*';
  input.ignoreFocusOut = true;
  let search = new vscode.CancellationTokenSource();
  /** What the pattern in the box matches; undefined where that is still being found out. */
  let found: Found | undefined;
  let failed: unknown;
  const preview = async (): Promise<void> => {
    search.cancel();
    search = new vscode.CancellationTokenSource();
    const { token } = search;
    found = undefined;
    input.busy = true;
    input.validationMessage = undefined;
    await sleep(PAUSE);
    if (token.isCancellationRequested) return;
    const files = await find(folder, input.value.trim(), token);
    if (token.isCancellationRequested) return;
    found = files;
    input.busy = false;
    input.validationMessage = previewOf(files, largest);
  };
  const show = () =>
    preview().catch((error: unknown) => {
      failed = error;
      input.hide();
    });
  try {
    return await new Promise<readonly vscode.Uri[] | undefined>((resolve, reject) => {
      input.onDidChangeValue(show);
      input.onDidAccept(() => {
        if (found && isWithin(found, largest)) resolve(found.uris);
      });
      input.onDidHide(() => (failed === undefined ? resolve(undefined) : reject(failed)));
      input.show();
      void show();
    });
  } finally {
    search.cancel();
    input.dispose();
  }
}

function isWithin({ uris, size }: Found, largest: number): boolean {
  return uris.length > 0 && uris.length <= MOST_FILES && size <= largest;
}

async function find(
  folder: vscode.Uri,
  pattern: string,
  token: vscode.CancellationToken | undefined,
): Promise<Found> {
  if (pattern === '') return { uris: [], size: 0 };
  const glob = new vscode.RelativePattern(folder, pattern);
  const uris = await vscode.workspace.findFiles(glob, undefined, MOST_FILES + 1, token);
  // Beyond the bound nobody needs to know how large they are.
  const measured = uris.length > MOST_FILES ? [] : uris;
  const sizes = await Promise.all(measured.map(async (uri) => (await vscode.workspace.fs.stat(uri)).size));
  return {
    uris: uris.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    size: sizes.reduce((sum, size) => sum + size, 0),
  };
}

function previewOf({ uris, size }: Found, largest: number): vscode.InputBoxValidationMessage {
  const { Error: refused, Info: info } = vscode.InputBoxValidationSeverity;
  if (uris.length === 0)
    return { message: vscode.l10n.t('No file of this folder matches.'), severity: refused };
  if (uris.length > MOST_FILES) {
    const message = vscode.l10n.t('More than {0} files match. Narrow the pattern.', String(MOST_FILES));
    return { message, severity: refused };
  }
  const total = formatBytes(size);
  if (size > largest) {
    const message = vscode.l10n.t('{0} in all, more than 100 MB. Narrow the pattern.', total);
    return { message, severity: refused };
  }
  const message =
    uris.length === 1
      ? vscode.l10n.t('1 file, {0}', total)
      : vscode.l10n.t('{0} files, {1}', String(uris.length), total);
  return { message, severity: info };
}
