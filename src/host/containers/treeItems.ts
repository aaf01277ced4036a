import * as vscode from 'vscode';
import { baseName } from '../../core/files.ts';
import { formatBytes } from '../format.ts';
import { COMMANDS } from '../ids.ts';
import { fileUri } from './fileUri.ts';
import { type ContainerNode, type FileNode, refOf } from './treeNodes.ts';

/** How a container looks in the tree. */
export interface ContainerLook {
  readonly label: string;
  /** What is left of its life, in words; empty where nothing is known. */
  readonly life: string;
}

export function containerItem({ container }: ContainerNode, { label, life }: ContainerLook): vscode.TreeItem {
  const expired = container.status === 'expired';
  const item = new vscode.TreeItem(
    label,
    expired ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = container.id;
  item.contextValue = expired ? 'container.expired' : 'container';
  item.iconPath = new vscode.ThemeIcon(expired ? 'circle-slash' : 'package');
  item.description = expired
    ? vscode.l10n.t('expired')
    : [life, container.memoryLimit].filter(Boolean).join(' · ');
  item.tooltip = [container.name, container.id].filter(Boolean).join('\n');
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

export function fileItem(node: FileNode): vscode.TreeItem {
  const { file } = node;
  const item = new vscode.TreeItem(fileUri(refOf(file)));
  item.id = `${file.containerId}/${file.id}`;
  item.label = baseName(file.path);
  item.contextValue = 'file';
  item.description = file.bytes === undefined ? '' : formatBytes(file.bytes);
  item.tooltip = file.path;
  item.command = { command: COMMANDS.openFile, title: vscode.l10n.t('Open'), arguments: [node] };
  return item;
}
