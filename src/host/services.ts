import type { ContainersTree } from './containers/containersTree.ts';
import type { ContainerFileSystem } from './containers/fileSystem.ts';
import type { Listings } from './containers/listings.ts';
import type { ViewOptions } from './containers/viewOptions.ts';
import type { Gateways } from './gateways/gateways.ts';
import type { Keys } from './gateways/secrets.ts';
import type { LastEditor } from './lastEditor.ts';
import type { ContainerLives } from './life/containerLives.ts';
import type { KeptStore } from './life/keptStore.ts';
import type { Log } from './log.ts';
import type { SavedFiles } from './saving/savedFiles.ts';
import type { Saving } from './saving/saving.ts';
import type { Sessions } from './session/sessions.ts';

/** What commands work with; built once, in `activate`. */
export interface Services {
  readonly log: Log;
  readonly keys: Keys;
  readonly gateways: Gateways;
  readonly sessions: Sessions;
  readonly tree: ContainersTree;
  readonly listings: Listings;
  readonly files: ContainerFileSystem;
  readonly viewOptions: ViewOptions;
  readonly lives: ContainerLives;
  readonly kept: KeptStore;
  readonly saving: Saving;
  readonly lastEditor: LastEditor;
  /** What is known of files that were saved. */
  readonly saved: () => Promise<SavedFiles>;
}
