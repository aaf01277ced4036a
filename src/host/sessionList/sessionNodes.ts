import * as vscode from 'vscode';
import { formatAge } from '../format.ts';
import type { FoundHead } from '../store/heads.ts';

/** A session of before, as lists show it. */
export interface SessionNode {
  readonly kind: 'session';
  readonly head: FoundHead;
  /** A run is under way. */
  readonly running: boolean;
}

/** When something last happened in a session, and at which gateway: what tells apart sessions of one title. */
export function describeSession({ head, running }: SessionNode): string {
  const age = formatAge(head.updatedAt, Date.now(), vscode.env.language);
  const when = running ? vscode.l10n.t('running') : age;
  const where = head.elsewhere ? vscode.l10n.t('open in another window') : '';
  return [when, head.gateway.name, where].filter((part) => part !== '').join(' · ');
}

/** What is in a session. */
export function countsOf({ head: { runs, pictures, files } }: SessionNode): string {
  return [
    runs === 1 ? vscode.l10n.t('1 message') : vscode.l10n.t('{0} messages', runs),
    pictures === 0
      ? ''
      : pictures === 1
        ? vscode.l10n.t('1 picture')
        : vscode.l10n.t('{0} pictures', pictures),
    files === 0 ? '' : files === 1 ? vscode.l10n.t('1 file') : vscode.l10n.t('{0} files', files),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** The name of a codicon. */
export function sessionIcon({ head, running }: SessionNode): string {
  if (running) return 'loading~spin';
  return head.elsewhere ? 'multiple-windows' : 'comment-discussion';
}
