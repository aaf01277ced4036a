import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import type { Session } from '../session/session.ts';

/**
 * The session that works in a container: one of this window, else one that is stored, which is brought back in a panel.
 * Where there is none to be had here, that is said.
 */
export async function sessionIn(
  { sessions, lives }: Pick<Services, 'sessions' | 'lives'>,
  containerId: string,
): Promise<Session | undefined> {
  const open = sessions.all.find(({ state }) => state.container?.id === containerId);
  if (open !== undefined) return open;
  const title = lives.get(containerId)?.title;
  const heads = await sessions.library.list();
  // Only a whole session tells where it works: that which the container is called after is read first.
  const ordered = [...heads].sort((a, b) => Number(b.title === title) - Number(a.title === title));
  for (const { id } of ordered) {
    const stored = await sessions.library.read(id);
    if (stored?.state.container?.id !== containerId) continue;
    const opened = await sessions.openStored(id);
    if (opened === 'elsewhere') {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The session of this container is open in another window. Rebuild it there.'),
      );
      return undefined;
    }
    if (opened !== undefined) return opened;
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t('No session works in this container, so nothing is known that it could be rebuilt from.'),
  );
  return undefined;
}
