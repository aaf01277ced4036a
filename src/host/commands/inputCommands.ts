import * as vscode from 'vscode';
import { COMMANDS } from '../ids.ts';
import { attach, attachFolder, filesOfEditor, filesOfSelection } from '../inputs/attach.ts';
import { showSentFiles } from '../inputs/sentFiles.ts';
import type { Services } from '../services.ts';
import type { InputFile } from '../session/inputs.ts';
import type { CommandMap } from './register.ts';

export function inputCommands({ sessions }: Services) {
  const attachFiles = (files: readonly InputFile[], otherwise: string): void => {
    if (files.length === 0) {
      void vscode.window.showInformationMessage(otherwise);
      return;
    }
    const session = sessions.current ?? sessions.open();
    session.attachments.add(files);
    sessions.reveal(session);
  };
  return {
    [COMMANDS.attachFile]: async (uri, uris) => {
      const session = sessions.current ?? sessions.open();
      const given = (Array.isArray(uris) ? uris : [uri]).filter((one) => one instanceof vscode.Uri);
      await attach(session, given.length > 0 ? given : undefined);
      sessions.reveal(session);
    },
    [COMMANDS.attachEditor]: async () =>
      attachFiles(await filesOfEditor(), vscode.l10n.t('Open a file in an editor first.')),
    [COMMANDS.attachSelection]: () =>
      attachFiles(
        filesOfSelection(),
        vscode.l10n.t('Nothing is selected. Select some text in an editor, then run the command again.'),
      ),
    [COMMANDS.attachFolder]: async (uri) => {
      const session = sessions.current ?? sessions.open();
      await attachFolder(session, uri instanceof vscode.Uri ? uri : undefined);
      sessions.reveal(session);
    },
    [COMMANDS.showSentFiles]: async () => {
      const { current } = sessions;
      if (current) await showSentFiles(current.state);
    },
  } satisfies CommandMap;
}
