import path from 'node:path';
import * as vscode from 'vscode';

/** Folders that are offered, and how far below a workspace folder they are looked for. */
const MOST = 300;
const DEEPEST = 4;

interface FolderItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/**
 * Asks for a folder of the workspace, as dropping on one in the explorer would say it; where there is one only, it is
 * that.
 *
 * @returns undefined where the person gave up, or no folder is open
 */
export async function askForWorkspaceFolder(title: string): Promise<vscode.Uri | undefined> {
  const roots = vscode.workspace.workspaceFolders ?? [];
  const items = (await Promise.all(roots.map(({ uri, name }) => itemsOf(uri, name)))).flat();
  if (items.length <= 1) return items[0]?.uri;
  const options = { title, placeHolder: vscode.l10n.t('Which folder of the workspace?') };
  return (await vscode.window.showQuickPick(items, options))?.uri;
}

/** A workspace folder and those below it, the outermost first. */
async function itemsOf(root: vscode.Uri, name: string): Promise<readonly FolderItem[]> {
  const items: FolderItem[] = [{ label: name, iconPath: new vscode.ThemeIcon('root-folder'), uri: root }];
  let level = [root];
  for (let depth = 0; depth < DEEPEST && level.length > 0 && items.length < MOST; depth++) {
    level = (await Promise.all(level.map(foldersIn))).flat();
    for (const uri of level) {
      const label = `${name}/${path.posix.relative(root.path, uri.path)}`;
      items.push({ label, iconPath: vscode.ThemeIcon.Folder, uri });
    }
  }
  return items.slice(0, MOST);
}

/** Those that people put files into: no links, nothing hidden, no installed packages. */
async function foldersIn(folder: vscode.Uri): Promise<vscode.Uri[]> {
  // What cannot be read is no place to save to.
  const entries = await vscode.workspace.fs.readDirectory(folder).then(
    (found) => found,
    () => [],
  );
  return entries
    .filter(([name, type]) => type === vscode.FileType.Directory && !/^\.|^node_modules$/.test(name))
    .map(([name]) => vscode.Uri.joinPath(folder, name));
}
