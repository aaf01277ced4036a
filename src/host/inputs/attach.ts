import * as vscode from 'vscode';
import { baseName } from '../../core/files.ts';
import { nameInFolder, partName, untitledName } from '../../core/inputNames.ts';
import type { InputFile } from '../session/inputs.ts';
import type { Session } from '../session/session.ts';
import { askForFolderFiles } from './folderFiles.ts';

/** Bytes of one attached file. */
const LARGEST_ATTACHMENT = 100 * 1024 * 1024;

/** Adds files to what the next message sends; asks which, where none are given. */
export async function attach(session: Session, given?: readonly vscode.Uri[]): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uris =
    given ??
    (await vscode.window.showOpenDialog({
      canSelectMany: true,
      openLabel: vscode.l10n.t('Attach'),
      ...(folder ? { defaultUri: folder } : {}),
    }));
  session.attachments.add(await readAll(uris ?? [], ({ path }) => baseName(path)));
}

/** Adds what was dragged here; of a folder, the files that match a pattern of the person's. */
export async function attachDropped(session: Session, dropped: readonly vscode.Uri[]): Promise<void> {
  const uris = dropped.map(asSeenHere);
  const kinds = await Promise.all(uris.map(isFolder));
  const files = uris.filter((_, place) => !kinds[place]);
  if (files.length > 0) await attach(session, files);
  for (const [place, uri] of uris.entries()) if (kinds[place]) await attachFolder(session, uri);
}

/** What a window calls a file of the remote machine is, on that machine, where this runs, a file as any other. */
function asSeenHere(uri: vscode.Uri): vscode.Uri {
  const isRemote = uri.scheme === 'vscode-remote' && vscode.env.remoteName !== undefined;
  return isRemote ? vscode.Uri.file(uri.path) : uri;
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch (error) {
    // A text that was never saved has no place on the disk; for anything else, reading it says what is wrong.
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}

/** Adds those files of a folder that match a pattern of the person's. */
export async function attachFolder(session: Session, given: vscode.Uri | undefined): Promise<void> {
  const folder = given ?? (await askForFolder());
  const uris = folder && (await askForFolderFiles(folder, LARGEST_ATTACHMENT));
  if (uris) session.attachments.add(await readAll(uris, ({ path }) => nameInFolder(folder.path, path)));
}

/** What the editor in front shows, as it shows it; nothing where there is none. */
export async function filesOfEditor(): Promise<readonly InputFile[]> {
  const uri = editorInFront()?.document.uri ?? uriOfTab();
  return uri === undefined ? [] : readAll([uri], ({ path }) => baseName(path));
}

/** What is selected in the editor in front, each selection as a file of its own. */
export function filesOfSelection(): readonly InputFile[] {
  const editor = editorInFront();
  if (editor === undefined) return [];
  const { document } = editor;
  const parts = editor.selections.filter((selection) => !selection.isEmpty);
  return parts.map((selection) => {
    const { start, end } = selection;
    // A selection of whole lines ends at the beginning of the next one.
    const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
    const name = partName(nameOf(document), start.line + 1, last);
    const bytes = new TextEncoder().encode(document.getText(selection));
    return { name, bytes, uri: undefined, origin: document.uri.toString(), part: 'selection' };
  });
}

async function readAll(
  uris: readonly vscode.Uri[],
  nameFor: (uri: vscode.Uri) => string,
): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for (const uri of uris) {
    const file = unsavedText(uri, nameFor(uri)) ?? (await savedFile(uri, nameFor(uri)));
    if (file) files.push(file);
  }
  return files;
}

/** What an editor holds of a file and has not saved: what the person sees is what is sent. */
function unsavedText(uri: vscode.Uri, name: string): InputFile | undefined {
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (document === undefined || (!document.isDirty && !document.isUntitled)) return undefined;
  const bytes = new TextEncoder().encode(document.getText());
  const source = document.isUntitled ? undefined : uri.toString();
  return { name: document.isUntitled ? nameOf(document) : name, bytes, uri: source, part: 'unsaved' };
}

async function savedFile(uri: vscode.Uri, name: string): Promise<InputFile | undefined> {
  const { size, type } = await vscode.workspace.fs.stat(uri);
  if ((type & vscode.FileType.File) === 0) {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} is not a file and was not attached.', name));
    return undefined;
  }
  if (size > LARGEST_ATTACHMENT) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0} is larger than 100 MB and was not attached. Attach a smaller part of it.', name),
    );
    return undefined;
  }
  return { name, bytes: await vscode.workspace.fs.readFile(uri), uri: uri.toString() };
}

function nameOf(document: vscode.TextDocument): string {
  const name = baseName(document.uri.path);
  return document.isUntitled ? untitledName(name, document.languageId) : name;
}

/** The text editor in front, or the one beside the panel that is. Views of output are editors too, in no column. */
function editorInFront(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor ? [activeTextEditor, ...visibleTextEditors] : visibleTextEditors;
  return editors.find(({ viewColumn }) => viewColumn !== undefined);
}

/** What a tab shows that is no text: a picture, a notebook. */
function uriOfTab(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputNotebook
    ? input.uri
    : undefined;
}

async function askForFolder(): Promise<vscode.Uri | undefined> {
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Choose Folder'),
      ...(start ? { defaultUri: start } : {}),
    })) ?? [];
  return folder;
}
