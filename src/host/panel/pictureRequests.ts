import * as vscode from 'vscode';
import { runThatDrew } from '../../core/savedFiles.ts';
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
  const from = () => session.gateway();
  if (source.from === 'file') {
    if (verb === 'save') return saving.save([source], from);
    return openFile(source, column);
  }
  const picture = await session.images.get(source.key);
  if (picture === undefined) return;
  const uri = pictureUri({ sessionId: session.state.id, key: source.key }, name, picture.mime);
  if (verb === 'save') {
    const origin = runThatDrew(session.state, source.key);
    const filename = pictureFileName(name, picture.mime);
    return saving.save([{ filename, bytes: picture.bytes, uri, origin }], from);
  }
  await vscode.commands.executeCommand('vscode.open', uri, column);
}
