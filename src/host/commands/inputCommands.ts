import * as vscode from 'vscode';
import { baseName } from '../../core/files.ts';
import { COMMANDS } from '../ids.ts';
import { attach, attachFolder, filesOfEditor, filesOfSelection } from '../inputs/attach.ts';
import { showSentFiles } from '../inputs/sentFiles.ts';
import type { Services } from '../services.ts';
import type { InputFile } from '../session/inputs.ts';
import { askPrompt } from './askPrompt.ts';
import type { CommandMap } from './register.ts';

export function inputCommands(services: Services) {
  const { sessions } = services;
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
    [COMMANDS.askAboutFile]: (uri, uris) => askAboutFiles(services, urisOf(uri, uris)),
    [COMMANDS.attachFile]: async (uri, uris) => {
      const session = sessions.current ?? sessions.open();
      const given = urisOf(uri, uris);
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

/** What a menu of the explorer or of an editor's tab was opened on: all that is selected, or the one. */
function urisOf(uri: unknown, uris: unknown): readonly vscode.Uri[] {
  return (Array.isArray(uris) ? uris : [uri]).filter((one) => one instanceof vscode.Uri);
}

/** Asks what is to be done with files, and begins a session with them. @param given empty for the file in front */
async function askAboutFiles({ sessions }: Services, given: readonly vscode.Uri[]): Promise<void> {
  const inFront = given.length === 0 ? await filesOfEditor() : [];
  const [first, ...more] = [...given.map(({ path }) => baseName(path)), ...inFront.map(({ name }) => name)];
  if (first === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a file in an editor first.'));
    return;
  }
  const title =
    more.length === 0
      ? vscode.l10n.t('Ask About {0}', first)
      : vscode.l10n.t('Ask About {0} Files', String(more.length + 1));
  const question = await askPrompt(title);
  if (question === undefined) return;
  const session = sessions.open();
  if (given.length > 0) await attach(session, given);
  else session.attachments.add(inFront);
  // A file that could not be attached was told of; a question about nothing helps nobody.
  if (session.state.attachments.length > 0) void session.ask(question);
}
