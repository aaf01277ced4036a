import * as vscode from 'vscode';
import { filesMade } from '../../core/citations.ts';
import { openFile } from '../commands/containerFileCommands.ts';
import { report, runErrorAction } from '../errorReport.ts';
import { attach, attachDropped } from '../inputs/attach.ts';
import { pastedFile } from '../inputs/pasted.ts';
import { describeForLog } from '../log.ts';
import type { Services } from '../services.ts';
import { PromptHistory } from '../session/promptHistory.ts';
import type { Session } from '../session/session.ts';
import type { PanelRequest } from './panel.ts';
import { handlePicture } from './pictureRequests.ts';
import { handleCode, runEdited, stepCode } from './stepCode.ts';
import { TablePreviews } from './tablePreviews.ts';

/** What a panel is sent an answer to. */
type Question = { readonly type: 'requestHistory' | 'editPrompt' | 'requestTable' };

/** Does what a panel asks for; whatever fails is told to the user. */
export function handlePanelRequests(services: Services): vscode.Disposable {
  const { library } = services.sessions;
  const history = new PromptHistory(() =>
    library.prompts().catch((error: unknown) => {
      // What was sent from this window is there in any case.
      services.log.warn(describeForLog(error));
      return [];
    }),
  );
  const tables = new TablePreviews(services.log);
  const following = vscode.Disposable.from(
    services.sessions.onDidAsk((text) => history.add(text, Date.now())),
    library.onDidChange(() => history.storedChanged()),
  );
  services.sessions.handleWith((session, request, answer) => {
    const perform = async (): Promise<void> => {
      try {
        switch (request.type) {
          case 'requestHistory':
            answer({ type: 'promptHistory', prompts: await history.list() });
            break;
          case 'editPrompt':
            answer({ type: 'promptText', text: session.textOf(request.runId) });
            break;
          case 'requestTable':
            answer(await tables.answer(request, () => session.gateway()));
            break;
          default:
            await performRequest(services, session, request);
        }
      } catch (error) {
        void report(error, services.log, perform);
      }
    };
    void perform();
  });
  return following;
}

async function performRequest(
  services: Services,
  session: Session,
  request: Exclude<PanelRequest, Question>,
): Promise<void> {
  const { saving, sessions, lastEditor } = services;
  // What is opened from a panel leaves it in sight.
  const beside = () => lastEditor.columnBeside(sessions.columnOf(session));
  switch (request.type) {
    case 'retry':
      return session.retry(request.runId);
    case 'resume':
      return session.resume(request.runId);
    case 'attach':
      return attach(session);
    case 'attachUris':
      return attachDropped(
        session,
        request.uris.map((uri) => vscode.Uri.parse(uri, true)),
      );
    case 'attachBytes':
      session.attachments.add([pastedFile(request.name, request.bytes, session.state.attachments)]);
      return;
    case 'file': {
      const { containerId, fileId, filename } = request;
      const file = { containerId, fileId, filename };
      const from = () => session.gateway();
      if (request.verb === 'open') return openFile(services, await from(), file, beside());
      return request.verb === 'save' ? saving.save([file], from) : saving.saveAs(file, from);
    }
    case 'saveAll': {
      const run = session.state.runs.find(({ id }) => id === request.runId);
      return saving.save(run ? filesMade(run.state, run.files) : [], () => session.gateway());
    }
    case 'picture':
      return handlePicture(services, session, request, beside());
    case 'code':
      return handleCode(request.verb, stepCode(session, request), lastEditor, beside());
    case 'runEdited':
      return runEdited(session, request, request.code);
    case 'copyPrompt':
      return vscode.env.clipboard.writeText(session.textOf(request.runId));
    case 'openLink':
      return openLink(request.href);
    case 'errorAction':
      if (request.action === 'retry') {
        if (request.runId !== undefined) await session.retry(request.runId);
        return;
      }
      if (request.action === 'newSession') {
        sessions.open();
        return;
      }
      return runErrorAction(request.action);
  }
}

/** Opens a link of an answer in the browser, if it is a web address; VS Code asks the user first. */
async function openLink(href: string): Promise<void> {
  const uri = URL.canParse(href) ? vscode.Uri.parse(href, true) : undefined;
  if (uri?.scheme === 'https' || uri?.scheme === 'http') await vscode.env.openExternal(uri);
}
