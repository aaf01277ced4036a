import { type FileRef, filesMade } from './citations.ts';
import type { SessionState } from './session.ts';

/**
 * What a session has made, each file once and as it is now: of one that was written anew the latest, in the order in
 * which they were made.
 */
export function filesOfSession({ runs }: SessionState): FileRef[] {
  const newest = new Map<string, FileRef>();
  for (const run of runs) {
    const paths = new Map([...run.listed, ...run.files].map(({ id, path }) => [id, path]));
    for (const file of filesMade(run.state, run.files)) {
      const path = paths.get(file.fileId);
      const key = path === undefined ? file.fileId : `${file.containerId}:${path}`;
      newest.delete(key);
      newest.set(key, file);
    }
  }
  return [...newest.values()];
}
