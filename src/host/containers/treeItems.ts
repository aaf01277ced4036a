import * as vscode from 'vscode';
import { formatBytes } from '../format.ts';
import { COMMANDS } from '../ids.ts';
import type { ContainerLook } from '../life/containerLook.ts';
import { fileUri } from './fileUri.ts';
import { type ContainerNode, type FileNode, type FolderNode, type MoreNode, nodeId } from './treeNodes.ts';

/**
 * A container, as its life goes.
 *
 * @param label what it is called here
 * @param open whether there is anything to see in it
 */
export function containerItem(
  node: ContainerNode,
  { icon, description, more }: ContainerLook,
  label: string,
  open: boolean,
): vscode.TreeItem {
  const { container, place } = node;
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, open ? Collapsed : None);
  item.id = nodeId(node);
  const state = container.status === 'expired' ? 'container.expired' : 'container';
  item.contextValue = node.unlisted ? 'keptContainer' : state;
  item.iconPath = icon;
  // By its address the row gets its badge (`lifeBadges.ts`).
  item.resourceUri = fileUri({ gateway: place.gateway.token, containerId: container.id, path: '' });
  item.description = description;
  item.tooltip = [label, description, container.id, ...more].filter(Boolean).join('\n');
  item.accessibilityInformation = { label: `${label}, ${description}` };
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
