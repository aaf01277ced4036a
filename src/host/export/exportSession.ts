import path from 'node:path';
import * as vscode from 'vscode';
import { isActedOn } from '../../core/actedOn.ts';
import { type Cell, cellsOf, type ExportPicture } from '../../core/export/cells.ts';
import { markdownOf, picturesIn } from '../../core/export/markdown.ts';
import { notebookOf, serialiseNotebook } from '../../core/export/notebook.ts';
import { pictureNames } from '../../core/export/pictureNames.ts';
import { scriptOf } from '../../core/export/script.ts';
import { safeFileName } from '../../core/fileNames.ts';
import { planNames } from '../../core/savePlan.ts';
import type { SessionState } from '../../core/session.ts';
import { bytesContent } from '../../gateway/files/bytesContent.ts';
import { translate } from '../errorReport.ts';
import { askAboutActedOn } from '../saving/questions.ts';
import { listFolder, saveTo } from '../saving/saveTo.ts';
import type { ImageStore } from '../session/imageStore.ts';

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
  const file = path.posix.basename(target.path);
  if (isActedOn(target.path) && !(await askAboutActedOn([file]))) return;
  await source.fetchPictures?.();
  const pictures = await loadPictures(source);
  const cells = cellsOf(source.state, (key) => pictures.get(key), translate);
  await write(vscode.Uri.joinPath(target, '..'), file, format.id, source.state.title, cells);
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Exported to {0}.', file), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}

/** Writes the file, and for Markdown its pictures into a new folder beside it. @throws SaveError */
async function write(
  folder: vscode.Uri,
  name: string,
  format: Format,
  title: string,
  cells: readonly Cell[],
): Promise<void> {
  const save = (text: string) =>
    saveTo(bytesContent(new TextEncoder().encode(text)), { folder, name, replace: true });
  switch (format) {
    case 'ipynb':
      await save(serialiseNotebook(notebookOf(cells)));
      return;
    case 'py':
      await save(scriptOf(cells));
      return;
    case 'md': {
      const pictures = picturesIn(cells);
      const wanted = { name: `${name.replace(/\.\w+$/, '')}_files` };
      const [plan] = pictures.length === 0 ? [] : planNames([wanted], await listFolder(folder));
      const beside = plan?.free ?? wanted.name;
      for (const { name: picture, base64 } of pictures) {
        const content = bytesContent(Buffer.from(base64, 'base64'));
        await saveTo(content, { folder, folders: [beside], name: picture, replace: false });
      }
      await save(markdownOf(title, cells, beside));
    }
  }
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
  const title = vscode.l10n.t('Export Session As');
  // A panel that gets the cursor back from the palette a moment late would close it.
  return vscode.window.showQuickPick(formats, { title, ignoreFocusOut: true });
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
