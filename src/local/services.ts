import type { Agent } from './agent.ts';
import type { Containers } from './containers/containers.ts';
import type { Files } from './files.ts';
import type { Clock } from './ids.ts';
import type { Responses } from './responses/responses.ts';

/** What the routes work with. */
export interface Services {
  readonly agents: readonly Agent[];
  readonly containers: Containers;
  readonly files: Files;
  readonly responses: Responses;
  /** Minutes after its last use at which a container expires, unless its request says otherwise. */
  readonly lifeMinutes: number;
  readonly clock: Clock;
  /** ms since the epoch at which the gateway started. */
  readonly startedAt: number;
  readonly log: (line: string) => void;
}
