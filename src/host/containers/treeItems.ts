import * as vscode from 'vscode';
import { formatBytes } from '../format.ts';
import { COMMANDS } from '../ids.ts';
import { fileUri } from './fileUri.ts';
import { type ContainerNode, type FileNode, type FolderNode, type MoreNode, nodeId } from './treeNodes.ts';

/** How a container looks in the tree. */
export interface ContainerLook {
  readonly label: string;
  /** What is left of its life, in words; empty where nothing is known. */
  readonly life: string;
}

export function containerItem(node: ContainerNode, { label, life }: ContainerLook): vscode.TreeItem {
  const { container } = node;
  const expired = container.status === 'expired';
  const item = new vscode.TreeItem(
    label,
    expired ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = nodeId(node);
  item.contextValue = expired ? 'container.expired' : 'container';
  item.iconPath = new vscode.ThemeIcon(expired ? 'circle-slash' : 'package');
  item.description = expired
    ? vscode.l10n.t('expired')
    : [life, container.memoryLimit].filter(Boolean).join(' · ');
  item.tooltip = [container.name, container.id].filter(Boolean).join('\n');
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

export function folderItem(node: FolderNode): vscode.TreeItem {
  const { place, path, name } = node;
  const { gateway, containerId } = place;
  const uri = fileUri({ gateway: gateway.token, containerId, path: path.slice(0, -1) });
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = nodeId(node);
  item.label = name;
  item.contextValue = 'folder';
  item.iconPath = vscode.ThemeIcon.Folder;
  item.tooltip = `/mnt/data/${path}`;
  return item;
}

export function fileItem(node: FileNode): vscode.TreeItem {
  const { file, listed, earlier, uri } = node;
  const item = new vscode.TreeItem(uri);
  item.id = nodeId(node);
  item.label = listed.name;
  item.contextValue = 'file';
  item.description = [
    file.bytes === undefined ? '' : formatBytes(file.bytes),
    earlier ? vscode.l10n.t('earlier version') : '',
  ]
    .filter(Boolean)
    .join(' · ');
  item.tooltip = file.path;
  item.command = { command: COMMANDS.openFile, title: vscode.l10n.t('Open'), arguments: [node] };
  return item;
}

export function moreItem(node: MoreNode): vscode.TreeItem {
  const { left, next } = node;
  const item = new vscode.TreeItem(
    left === undefined
      ? vscode.l10n.t('Show More…')
      : vscode.l10n.t('Show {0} More…', String(Math.min(next, left))),
  );
  item.id = nodeId(node);
  item.contextValue = 'more';
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  if (left !== undefined) item.description = vscode.l10n.t('{0} left', String(left));
  item.command = { command: COMMANDS.showMore, title: vscode.l10n.t('Show More'), arguments: [node] };
  return item;
}
