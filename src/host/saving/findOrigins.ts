import type { FileRef } from '../../core/citations.ts';
import { type RunOrigin, runThatMade } from '../../core/savedFiles.ts';
import type { SessionState } from '../../core/session.ts';
import type { Sessions } from '../session/sessions.ts';

/** Sessions on disk that are looked through, the latest first: containers do not live long. */
const MOST_READ = 10;

/** The runs that made these files: of sessions that are open, else of those stored last. By the id of the file. */
export async function findOrigins(
  files: readonly FileRef[],
  sessions: Sessions,
): Promise<ReadonlyMap<string, RunOrigin>> {
  const origins = new Map<string, RunOrigin>();
  let missing = files;
  const lookIn = (state: SessionState): void => {
    for (const file of missing) {
      const origin = runThatMade(state, file);
      if (origin) origins.set(file.fileId, origin);
    }
    missing = missing.filter(({ fileId }) => !origins.has(fileId));
  };
  for (const session of sessions.all.toReversed()) lookIn(session.state);
  if (missing.length === 0) return origins;
  const open = new Set(sessions.all.map(({ state }) => state.id));
  const stored = (await sessions.library.list()).filter(({ id }) => !open.has(id));
  for (const { id } of stored.slice(0, MOST_READ)) {
    const found = await sessions.library.read(id);
    if (found) lookIn(found.state);
    if (missing.length === 0) break;
  }
  return origins;
}
