import type * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { givenName } from '../../core/containerPath.ts';
import type { Container, ContainerFile } from '../../core/files.ts';
import type { KeptFile } from '../../core/keptFiles.ts';
import type { ListedFile } from './listing.ts';
import type { ContainerPlace } from './listings.ts';

export interface ContainerNode {
  readonly kind: 'container';
  readonly container: Container;
  readonly place: ContainerPlace;
  /** The gateway has it no more: only what was kept of it is left. */
  readonly unlisted?: true;
}

export interface FolderNode {
  readonly kind: 'folder';
  /** Below the container, with `/` at its end. */
  readonly path: string;
  readonly name: string;
  readonly parent: ContainerNode | FolderNode;
  readonly place: ContainerPlace;
}

export interface FileNode {
  readonly kind: 'file';
  readonly file: ContainerFile;
  readonly listed: ListedFile;
  readonly uri: vscode.Uri;
  /** Whether the list has a newer file of the same path. */
  readonly earlier: boolean;
  readonly parent: ContainerNode | FolderNode;
  readonly place: ContainerPlace;
}

/** A file of a container that has ended, kept on this machine. */
export interface KeptNode {
  readonly kind: 'kept';
  readonly file: KeptFile;
  readonly parent: ContainerNode;
}

/** Stands for the rows that are not shown yet. */
export interface MoreNode {
  readonly kind: 'more';
  readonly parent: ContainerNode | FolderNode;
  /** Rows that come with it, and all that are left; undefined where the gateway must be asked. */
  readonly next: number;
  readonly left: number | undefined;
}

export type ParentNode = ContainerNode | FolderNode;
export type TreeNode = ParentNode | FileNode | MoreNode | KeptNode;

/** Whether a value that a menu or another extension hands to a command is a node of the tree. */
export function isTreeNode(value: unknown): value is TreeNode {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind } = value;
  if (kind === 'more' || kind === 'kept') return 'parent' in value;
  return (kind === 'container' || kind === 'folder' || kind === 'file') && 'place' in value;
}

/** Stable from refresh to refresh: by it the editor knows what was open and selected. */
export function nodeId(node: TreeNode): string {
  switch (node.kind) {
    case 'container':
      return node.container.id;
    case 'folder':
      return `${node.place.containerId}//${node.path}`;
    case 'file':
      return `${node.place.containerId}/${node.file.id}`;
    case 'kept':
      return `kept/${node.file.kept}`;
    case 'more':
      return `${nodeId(node.parent)}//more`;
  }
}

/** The files among nodes. */
export function filesOf(nodes: readonly TreeNode[]): FileRef[] {
  return nodes.flatMap((node) => (node.kind === 'file' ? [refOf(node.file)] : []));
}

/** A file by the name that the tree shows. */
export function refOf(file: ContainerFile): FileRef {
  return { containerId: file.containerId, fileId: file.id, filename: givenName(file) };
}
