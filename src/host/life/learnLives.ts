import type * as vscode from 'vscode';
import { isCancellation } from '../cancellation.ts';
import { describeForLog, type Log } from '../log.ts';
import type { Sessions } from '../session/sessions.ts';
import type { ContainerLives } from './containerLives.ts';

/**
 * Starts the clock of each container that a session uses, and asks a new one, once, how long it lives. Sessions are
 * told what their containers' clocks say.
 */
export function learnLives(sessions: Sessions, lives: ContainerLives, log: Log): vscode.Disposable {
  const told = lives.onDidChange((id) => {
    const life = lives.get(id);
    if (life) for (const session of sessions.all) session.lifeChanged(life);
  });
  const used = sessions.onDidUseContainer(async ({ containerId, local, title }) => {
    lives.used(containerId, { local, title });
    const session = sessions.all.find(({ state }) => state.container?.id === containerId);
    if (session === undefined || lives.isTold(containerId)) return;
    try {
      const { client } = await session.gateway();
      const { expiresAfterMinutes } = await client.retrieveContainer(containerId);
      lives.told(containerId, expiresAfterMinutes);
    } catch (error) {
      // Not told, it is taken to live for as long as they usually do.
      lives.told(containerId, undefined);
      if (!isCancellation(error)) log.warn(describeForLog(error));
    }
  });
  return {
    dispose() {
      told.dispose();
      used.dispose();
    },
  };
}
