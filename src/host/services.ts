import type { ContainersTree } from './containersTree.ts';
import type { Gateways } from './gateways.ts';
import type { Log } from './log.ts';
import type { Saving } from './saving.ts';
import type { Keys } from './secrets.ts';
import type { Sessions } from './sessions.ts';

/** What commands work with; built once, in `activate`. */
export interface Services {
  readonly log: Log;
  readonly keys: Keys;
  readonly gateways: Gateways;
  readonly sessions: Sessions;
  readonly tree: ContainersTree;
  readonly saving: Saving;
}
