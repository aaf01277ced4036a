import type { ContainersTree } from '../containers/containersTree.ts';
import { isTreeNode, type TreeNode } from '../containers/treeNodes.ts';

/** What a command of the tree is meant for: what the menu says, else what is selected. */
export function selectedNodes(tree: ContainersTree, node: unknown, nodes: unknown): readonly TreeNode[] {
  if (Array.isArray(nodes) && nodes.length > 0) return nodes.filter(isTreeNode);
  return isTreeNode(node) ? [node] : tree.view.selection;
}
