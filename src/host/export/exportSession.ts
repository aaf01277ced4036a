import path from 'node:path';
import * as vscode from 'vscode';
import { cellsOf, type ExportPicture } from '../../core/export/cells.ts';
import { markdownOf, picturesIn } from '../../core/export/markdown.ts';
import { notebookOf, serialiseNotebook } from '../../core/export/notebook.ts';
import { pictureNames } from '../../core/export/pictureNames.ts';
import { scriptOf } from '../../core/export/script.ts';
import { numberedName, safeFileName } from '../../core/fileNames.ts';
import type { SessionState } from '../../core/session.ts';
import { translate } from '../errorReport.ts';
import type { ImageStore } from '../session/imageStore.ts';
import { exists, saveBytes } from './saveBytes.ts';

/** What is exported. */
export interface ExportSource {
  readonly state: SessionState;
  readonly images: ImageStore;
  /** Fetches pictures that nobody has looked at yet, as far as they are to be had. */
  fetchPictures?(): Promise<void>;
}

type Format = 'ipynb' | 'py' | 'md';

/** Asks for a format and a place, and writes the session there. The dialog itself asks before something is replaced. */
export async function exportSession(source: ExportSource): Promise<void> {
  const format = await askFormat();
  if (format === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = safeFileName(`${source.state.title.replace(/[/\\]/g, '-')}.${format.id}`);
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { [format.label]: [format.id] },
    title: vscode.l10n.t('Export Session'),
  });
  if (target === undefined) return;
  await source.fetchPictures?.();
  const pictures = await loadPictures(source);
  const cells = cellsOf(source.state, (key) => pictures.get(key), translate);
  const parent = vscode.Uri.joinPath(target, '..');
  const file = path.posix.basename(target.path);
  switch (format.id) {
    case 'ipynb':
      await saveBytes(parent, file, serialiseNotebook(notebookOf(cells)), true);
      break;
    case 'py':
      await saveBytes(parent, file, scriptOf(cells), true);
      break;
    case 'md': {
      const shown = picturesIn(cells);
      const beside = shown.length === 0 ? '' : await freeName(parent, `${file.replace(/\.\w+$/, '')}_files`);
      for (const { name: picture, base64 } of shown)
        await saveBytes(parent, picture, Buffer.from(base64, 'base64'), false, beside);
      await saveBytes(parent, file, markdownOf(source.state.title, cells, beside), true);
    }
  }
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Exported to {0}.', file), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}

async function askFormat(): Promise<{ readonly id: Format; readonly label: string } | undefined> {
  const formats = [
    {
      id: 'ipynb' as const,
      label: vscode.l10n.t('Jupyter Notebook'),
      description: '.ipynb',
      detail: vscode.l10n.t('Code, outputs, pictures and answers in one file'),
    },
    {
      id: 'py' as const,
      label: vscode.l10n.t('Python Script'),
      description: '.py',
      detail: vscode.l10n.t('The code in cells, all that was said as comments'),
    },
    {
      id: 'md' as const,
      label: vscode.l10n.t('Markdown'),
      description: '.md',
      detail: vscode.l10n.t('To read, with the pictures in a folder beside it'),
    },
  ];
  return vscode.window.showQuickPick(formats, { title: vscode.l10n.t('Export Session As') });
}

/** The pictures of a session by key; those whose bytes are gone are left out. */
async function loadPictures({ state, images }: ExportSource): Promise<ReadonlyMap<string, ExportPicture>> {
  const names = pictureNames(state, images.pictures);
  const loaded = new Map<string, ExportPicture>();
  for (const { key } of images.pictures) {
    const image = await images.get(key);
    if (image === undefined) continue;
    const base64 = Buffer.from(image.bytes).toString('base64');
    loaded.set(key, { name: names.get(key) ?? key, mime: image.mime, base64 });
  }
  return loaded;
}

/** A name that nothing in the folder has yet. */
async function freeName(folder: vscode.Uri, wanted: string): Promise<string> {
  let name = wanted;
  for (let n = 2; await exists(vscode.Uri.joinPath(folder, name)); n++) name = numberedName(wanted, n);
  return name;
}
