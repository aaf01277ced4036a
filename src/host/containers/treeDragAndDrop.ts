import * as vscode from 'vscode';
import { COMMANDS } from '../ids.ts';
import type { ContainerNode, TreeNode } from './treeNodes.ts';

const URI_LIST = 'text/uri-list';

/** What was dropped on a container. */
export interface Dropped {
  readonly uris: readonly vscode.Uri[];
  /** Those that the editor has no address for, as from the desktop into a browser. */
  readonly files: readonly vscode.DataTransferFile[];
}

/**
 * Files dragged out of the tree are addresses that any editor opens; what is dropped on a container is uploaded. The
 * editor's own explorer takes nothing that another tree began to drag, whatever its data (VS Code 1.139,
 * `FileDragAndDrop.handleDragOver` refuses `ExternalElementsDragAndDropData`).
 */
export class TreeDragAndDrop implements vscode.TreeDragAndDropController<TreeNode> {
  readonly dragMimeTypes = [URI_LIST];
  readonly dropMimeTypes = [URI_LIST, 'files'];

  handleDrag(nodes: readonly TreeNode[], transfer: vscode.DataTransfer): void {
    const uris = nodes.flatMap((node) => (node.kind === 'file' ? [node.uri.toString()] : []));
    if (uris.length > 0) transfer.set(URI_LIST, new vscode.DataTransferItem(uris.join('\r\n')));
  }

  /** Ends when everything is uploaded: until then the editor can give the bytes of what was dropped. */
  async handleDrop(target: TreeNode | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const list = (await transfer.get(URI_LIST)?.asString()) ?? '';
    const uris = list
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => vscode.Uri.parse(line));
    // What has an address comes with it, and as a file once more.
    const files = [...transfer].flatMap(([, item]) => item.asFile() ?? []);
    const dropped: Dropped =
      uris.length > 0
        ? { uris, files: [] }
        : {
            uris: files.flatMap(({ uri }) => uri ?? []),
            files: files.filter(({ uri }) => uri === undefined),
          };
    await vscode.commands.executeCommand(COMMANDS.uploadFiles, target && containerOf(target), dropped);
  }
}

/** The container that a node is in, or is. */
export function containerOf(node: TreeNode): ContainerNode {
  return node.kind === 'container' ? node : containerOf(node.parent);
}
