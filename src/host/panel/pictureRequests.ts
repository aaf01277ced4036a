import * as vscode from 'vscode';
import { runThatDrew } from '../../core/savedFiles.ts';
import type { PanelMessage } from '../../protocol.ts';
import { openFile } from '../commands/containerFileCommands.ts';
import { pictureFileName, pictureUri } from '../containers/fileUri.ts';
import type { Services } from '../services.ts';
import type { Session } from '../session/session.ts';

/**
 * Opens a picture in the editor's own viewer, or saves it.
 *
 * @param column where it opens
 */
export async function handlePicture(
  services: Services,
  session: Session,
  { source, verb, name }: Extract<PanelMessage, { readonly type: 'picture' }>,
  column: vscode.ViewColumn,
): Promise<void> {
  const { saving } = services;
  const from = () => session.gateway();
  if (source.from === 'file') {
    if (verb === 'save') return saving.save([source], from);
    return openFile(services, await from(), source, column);
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
