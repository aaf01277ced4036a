import * as vscode from 'vscode';
import { isActedOn } from '../../core/actedOn.ts';
import { numberedName, safeFileName } from '../../core/fileNames.ts';
import type { KeptFile } from '../../core/keptFiles.ts';
import type { KeptStore } from './keptStore.ts';

/** Copies kept files to where the person says; nothing is replaced that they were not asked about. */
export async function restoreKept(store: KeptStore, files: readonly KeptFile[]): Promise<void> {
  const [only] = files;
  if (only === undefined) return;
  const saved = files.length === 1 ? await restoreOne(store, only) : await restoreAll(store, files);
  if (saved === undefined) return;
  const { place, count } = saved;
  void vscode.window.showInformationMessage(
    count === 1
      ? vscode.l10n.t('Saved {0}.', vscode.workspace.asRelativePath(place))
      : vscode.l10n.t('Saved {0} files to {1}.', String(count), vscode.workspace.asRelativePath(place)),
  );
}

interface Restored {
  readonly place: vscode.Uri;
  readonly count: number;
}

async function restoreOne(store: KeptStore, file: KeptFile): Promise<Restored | undefined> {
  const name = safeFileName(file.filename);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    title: vscode.l10n.t('Save {0}', name),
  });
  if (place === undefined || !(await mayWrite(place))) return undefined;
  // The dialog has asked where the name was taken.
  await copy(store, file, place);
  return { place, count: 1 };
}

async function restoreAll(store: KeptStore, files: readonly KeptFile[]): Promise<Restored | undefined> {
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Save Here'),
      title: vscode.l10n.t('Save {0} Files', String(files.length)),
      ...(start ? { defaultUri: start } : {}),
    })) ?? [];
  if (folder === undefined) return undefined;
  const taken = new Set((await vscode.workspace.fs.readDirectory(folder)).map(([name]) => fold(name)));
  let count = 0;
  for (const file of files) {
    const wanted = safeFileName(file.filename);
    let name = wanted;
    for (let number = 2; taken.has(fold(name)); number++) name = numberedName(wanted, number);
    const place = vscode.Uri.joinPath(folder, name);
    if (!(await mayWrite(place))) continue;
    taken.add(fold(name));
    await copy(store, file, place);
    count++;
  }
  return count === 0 ? undefined : { place: folder, count };
}

/** Written, not copied: what is kept may not be changed, and a copy would be as strict. */
async function copy(store: KeptStore, file: KeptFile, place: vscode.Uri): Promise<void> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.file(store.pathOf(file)));
  await vscode.workspace.fs.writeFile(place, bytes);
}

/** The extra question for files that an editor or a shell acts on. */
async function mayWrite(place: vscode.Uri): Promise<boolean> {
  if (!isActedOn(place.path)) return true;
  const save = vscode.l10n.t('Save Anyway');
  const question = vscode.l10n.t(
    '{0} is a file that editors or shells act on by themselves. Save it only if you trust what is in it.',
    vscode.workspace.asRelativePath(place),
  );
  return (await vscode.window.showWarningMessage(question, { modal: true }, save)) === save;
}

/** How names are compared: some disks do not tell case apart, nor how an accent is spelled. */
function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
