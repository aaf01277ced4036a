import type { Agent } from './agent.ts';
import { Blobs } from './containers/blobs.ts';
import { Containers } from './containers/containers.ts';
import { Files } from './files.ts';
import { DEFAULT_LIMITS, type ServerLimits } from './http/serverLimits.ts';
import type { Clock } from './ids.ts';
import type { StartPython } from './python.ts';
import { Responses } from './responses/responses.ts';
import { containerRoutes } from './routes/containers.ts';
import { fileRoutes } from './routes/files.ts';
import { modelRoutes } from './routes/models.ts';
import { responseRoutes } from './routes/responses.ts';
import { defaultLimits, type Limits } from './sandbox/limits.ts';
import { serve } from './server.ts';
import type { Services } from './services.ts';

export interface GatewayOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly key: string;
  readonly agents: readonly Agent[];
  readonly startPython: StartPython;
  readonly log: (line: string) => void;
  /** Seconds that one piece of code may run; 120 unless told. */
  readonly runSeconds?: number;
  /** Pythons that may be alive at once; 4 unless told. */
  readonly mostAwake?: number;
  /** Containers that may be there at once, expired ones not counted; 100 unless told. */
  readonly mostContainers?: number;
  /** Minutes after its last use at which a container expires unless its request says otherwise; 20 unless told. */
  readonly lifeMinutes?: number;
  /** What the Pythons can hold of files, as they were told; see `defaultLimits` where it is not told. */
  readonly fileLimits?: Pick<Limits, 'fileBytes' | 'files'>;
  /** Bytes of all files together that are kept on disk; 2 GiB unless told. */
  readonly diskBytes?: number;
  /** What clients may take of the server; see {@link DEFAULT_LIMITS} for what is not told. */
  readonly serverLimits?: Partial<ServerLimits>;
  readonly clock?: Clock;
}

export interface RunningGateway {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Stops the runs, ends all children, removes all files. */
  close(): Promise<void>;
}

const SWEEP_EVERY = 15_000;

/**
 * Starts the local gateway: OpenAI's wire on 127.0.0.1.
 *
 * @throws where the port cannot be had
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const clock = options.clock ?? Date.now;
  const { startPython, log, agents } = options;
  const blobs = new Blobs(options.diskBytes);
  const services: Services = {
    agents,
    containers: new Containers({
      blobs,
      clock,
      startPython,
      log,
      runSeconds: options.runSeconds ?? 120,
      limits: options.fileLimits ?? defaultLimits,
      mostAwake: options.mostAwake ?? 4,
      mostContainers: options.mostContainers ?? 100,
    }),
    files: new Files(blobs, clock),
    responses: new Responses(),
    lifeMinutes: options.lifeMinutes ?? 20,
    clock,
    startedAt: clock(),
    log,
  };
  const routes = [modelRoutes, responseRoutes, containerRoutes, fileRoutes].flatMap((make) => make(services));
  const limits = { ...DEFAULT_LIMITS, ...options.serverLimits };
  const server = await serve({ port: options.port, key: options.key, routes, limits, log });
  const sweeping = setInterval(() => {
    services.responses.sweep(clock());
    Promise.all([services.containers.sweep(), services.files.sweep()]).catch((error: unknown) =>
      log(`sweep: ${String(error)}`),
    );
  }, SWEEP_EVERY).unref();
  return {
    url: server.url,
    close: async () => {
      clearInterval(sweeping);
      await server.close();
      // Together: code that does not heed its signal ends with its Python.
      await Promise.all([services.responses.close(), services.containers.close()]);
      await blobs.close();
    },
  };
}
