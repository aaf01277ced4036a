import * as vscode from 'vscode';
import { filesMade } from '../../core/citations.ts';
import { field } from '../../core/json.ts';
import { MISMATCH } from '../../core/stored/shape.ts';
import { LONGEST_TITLE, readId } from '../../core/stored/storedHead.ts';
import { type ExportSource, exportSession } from '../export/exportSession.ts';
import { COMMANDS } from '../ids.ts';
import { describeForLog, type Log } from '../log.ts';
import type { Services } from '../services.ts';
import { fileImage } from '../session/fileImage.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import { countsOf, describeSession, type SessionNode, sessionIcon } from '../sessionList/sessionNodes.ts';
import type { CommandMap } from './register.ts';

export function sessionCommands(services: Services) {
  const { sessions } = services;
  const open = async (given: unknown, column?: vscode.ViewColumn): Promise<void> => {
    const id = sessionIdOf(given) ?? (await pickSession(sessions, vscode.l10n.t('Open Session')));
    if (id !== undefined) await openSession(sessions, id, column);
  };
  /** A session that is named, else the one in front, else one that is picked. */
  const chosen = async (given: unknown, title: string): Promise<string | undefined> =>
    sessionIdOf(given) ?? sessions.current?.state.id ?? (await pickSession(sessions, title));
  return {
    [COMMANDS.openSession]: (node) => open(node),
    [COMMANDS.openSessionToSide]: (node) => open(node, vscode.ViewColumn.Beside),
    [COMMANDS.renameSession]: async (node) => {
      const id = await chosen(node, vscode.l10n.t('Rename Session'));
      if (id !== undefined) await rename(sessions, id);
    },
    [COMMANDS.deleteSession]: async (node) => {
      const id = await chosen(node, vscode.l10n.t('Delete Session'));
      if (id !== undefined) await remove(sessions, id);
    },
    [COMMANDS.clearSessions]: () => clear(sessions),
    [COMMANDS.exportSession]: async (node) => {
      const id = await chosen(node, vscode.l10n.t('Export Session'));
      if (id !== undefined) await exportById(services, id);
    },
  } satisfies CommandMap;
}

/** The session that a menu, a list or the status bar hands to a command, by its id; undefined where that is none. */
function sessionIdOf(value: unknown): string | undefined {
  const id = readId(typeof value === 'string' ? value : field(field(value, 'head'), 'id'));
  return id === MISMATCH ? undefined : id;
}

/** Opens a session of before; asks what to do where another window has it open. */
async function openSession(sessions: Sessions, id: string, column?: vscode.ViewColumn): Promise<void> {
  const opened = await sessions.openStored(id, column);
  if (opened === undefined) return tellGone();
  if (opened !== 'elsewhere') return;
  const copy = vscode.l10n.t('Open a Copy');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('This session is open in another window. Go on there, or open a copy of it here.'),
    copy,
  );
  if (answer === copy && (await sessions.openCopy(id)) === undefined) tellGone();
}

async function pickSession(sessions: Sessions, title: string): Promise<string | undefined> {
  const items = sessions.library.list().then((heads) =>
    heads.map((head) => {
      const running = sessions.find(head.id)?.running ?? (head.elsewhere && head.running);
      const node: SessionNode = { kind: 'session', head, running };
      return {
        label: `$(${sessionIcon(node)}) ${head.title}`,
        description: describeSession(node),
        detail: countsOf(node),
        id: head.id,
      };
    }),
  );
  if ((await items).length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There are no sessions yet. Ask something, and the session is kept here.'),
    );
    return undefined;
  }
  const options = { title, placeHolder: vscode.l10n.t('Which session?'), matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.id;
}

async function rename(sessions: Sessions, id: string): Promise<void> {
  const session = sessions.find(id);
  const before = session?.title ?? (await titleElsewhere(sessions, id));
  if (before === undefined) return;
  const title = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename Session'),
    value: before,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A session needs a name.') : undefined),
  });
  const wanted = title?.trim().slice(0, LONGEST_TITLE);
  if (!wanted || wanted === before) return;
  const open: Session | undefined = sessions.find(id);
  if (open) open.rename(wanted);
  else await sessions.library.rename(id, wanted);
}

async function remove(sessions: Sessions, id: string): Promise<void> {
  const session = sessions.find(id);
  const title = session?.title ?? (await titleElsewhere(sessions, id));
  if (title === undefined) return;
  const yes = vscode.l10n.t('Delete');
  const detail = session?.running
    ? vscode.l10n.t('Its run is stopped. This cannot be undone. Files that you saved stay.')
    : vscode.l10n.t('This cannot be undone. Files that you saved stay.');
  const question = vscode.l10n.t('Delete the session “{0}” with its pictures?', title);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes)
    await sessions.remove(id);
}

async function exportById({ sessions, log }: Services, id: string): Promise<void> {
  const open = sessions.find(id);
  const session = open ? exportable(open, log) : await sessions.library.read(id);
  if (session === undefined) tellGone();
  else if (session.state.runs.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is nothing to export yet. Ask something first.'),
    );
  } else await exportSession(session);
}

function exportable(session: Session, log: Log): ExportSource {
  const fetchPictures = async () => {
    for (const file of session.state.runs.flatMap((run) => filesMade(run.state, run.files))) {
      // A picture whose container is gone is not in the export; the rest of the session is.
      await fileImage(session, file).catch((error: unknown) => log.warn(describeForLog(error)));
    }
  };
  return { state: session.state, images: session.images, fetchPictures };
}

/** The title of a session that this window does not have open; says so where there is none to be changed. */
async function titleElsewhere(sessions: Sessions, id: string): Promise<string | undefined> {
  const head = (await sessions.library.list()).find((one) => one.id === id);
  if (head && !head.elsewhere) return head.title;
  if (head === undefined) tellGone();
  else {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This session is open in another window. Change it there, or close it there first.'),
    );
  }
  return undefined;
}

async function clear(sessions: Sessions): Promise<void> {
  const stored = (await sessions.library.list()).length;
  if (stored === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No sessions are kept on this machine.'));
    return;
  }
  const yes = vscode.l10n.t('Delete All');
  const question = vscode.l10n.t('Delete all past sessions, with their pictures, from this machine?');
  const detail = vscode.l10n.t(
    'Sessions that are open in a panel or have a run under way stay. This cannot be undone.',
  );
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes)
    await sessions.clear();
}

function tellGone(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('This session is not kept on this machine any more.'),
  );
}
