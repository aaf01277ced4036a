import * as vscode from 'vscode';
import type { PanelMessage } from '../../protocol.ts';
import { openFile } from '../commands/fileCommands.ts';
import { pictureFileName, pictureUri } from '../containers/fileUri.ts';
import type { Saving } from '../saving/saving.ts';
import type { Session } from '../session/session.ts';

/**
 * Opens a picture in the editor's own viewer, or saves it.
 *
 * @param column where it opens
 */
export async function handlePicture(
  session: Session,
  { source, verb, name }: Extract<PanelMessage, { readonly type: 'picture' }>,
  saving: Saving,
  column: vscode.ViewColumn,
): Promise<void> {
  if (source.from === 'file') {
    if (verb === 'save') return saving.saveOne(source, () => session.gateway());
    return openFile(source, column);
  }
  const picture = await session.images.get(source.key);
  if (picture === undefined) return;
  if (verb === 'save') return saving.saveBytes(pictureFileName(name, picture.mime), picture.bytes);
  const uri = pictureUri({ sessionId: session.state.id, key: source.key }, name, picture.mime);
  await vscode.commands.executeCommand('vscode.open', uri, column);
}
