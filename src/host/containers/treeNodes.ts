import type { FileRef } from '../../core/citations.ts';
import { baseName, type Container, type ContainerFile } from '../../core/files.ts';

export interface ContainerNode {
  readonly kind: 'container';
  readonly container: Container;
}

export interface FileNode {
  readonly kind: 'file';
  readonly file: ContainerFile;
}

export type TreeNode = ContainerNode | FileNode;

/** Whether a value that a menu or another extension hands to a command is a node of the tree. */
export function isTreeNode(value: unknown): value is TreeNode {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return (value.kind === 'container' && 'container' in value) || (value.kind === 'file' && 'file' in value);
}

/** The files among nodes. */
export function filesOf(nodes: readonly TreeNode[]): FileRef[] {
  return nodes.flatMap((node) => (node.kind === 'file' ? [refOf(node.file)] : []));
}

export function refOf({ id, containerId, path }: ContainerFile): FileRef {
  return { containerId, fileId: id, filename: baseName(path) };
}
