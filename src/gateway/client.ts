import type { FileRef } from '../core/citations.ts';
import { GatewayError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Container, ContainerFile } from '../core/files.ts';
import { arrayField, stringField } from '../core/json.ts';
import type { GatewayAddress } from './address.ts';
import { type Clock, systemClock } from './clock.ts';
import * as containerFiles from './files/containerFiles.ts';
import * as containers from './files/containers.ts';
import { allPages, listPages, understood } from './files/containers.ts';
import { type FileContent, readContent } from './files/content.ts';
import type { UploadFile } from './files/multipart.ts';
import { type Healed, Ownership } from './files/ownership.ts';
import { GatewayHttp } from './http.ts';
import { ContainerRoutes } from './litellm.ts';
import type { Transport } from './network/transport.ts';
import { cancelResponse, type ResumeFrom, resume, retrieveResponse } from './runs/resume.ts';
import { type RunRequest, run } from './runs/runs.ts';

/**
 * Told of each call that a container answered, for any of them begins its life anew (wire.md, section 4), and of each
 * that it did not answer for it has expired. Ids are native.
 */
export type ContainerListener = (containerId: string, answer: 'used' | 'expired') => void;

export interface ClientOptions {
  /** Told of what the client mended by itself. */
  readonly onHealed?: (healed: Healed) => void;
  readonly onContainer?: ContainerListener;
  readonly clock?: Clock;
}

/**
 * One gateway: runs, containers, files, models. Every method throws {@link GatewayError}, or the signal's reason.
 * What can safely be sent again is (`retry.ts`).
 */
export class GatewayClient {
  readonly #http: GatewayHttp;
  readonly #routes = new ContainerRoutes();
  readonly #ownership: Ownership;
  readonly #onContainer: ContainerListener;

  /** @throws GatewayError `address_invalid` */
  constructor(address: GatewayAddress, transport: Transport, options: ClientOptions = {}) {
    this.#http = new GatewayHttp(address, transport, options.clock ?? systemClock);
    this.#ownership = new Ownership(
      (responseId, signal) => retrieveResponse(this.#http, responseId, signal),
      options.onHealed ?? (() => {}),
    );
    this.#onContainer = options.onContainer ?? (() => {});
  }

  /** A run; see {@link run}. Container ids are native. */
  run(request: RunRequest, signal: AbortSignal): AsyncGenerator<readonly RunEvent[]> {
    return this.#followed(run(this.#http, request, signal));
  }

  /** What became of a run whose stream broke; see {@link resume}. Container ids are native. */
  resume(responseId: string, from: ResumeFrom, signal: AbortSignal): AsyncGenerator<readonly RunEvent[]> {
    return this.#followed(resume(this.#http, responseId, from, signal));
  }

  /** Ends a run in the background. One that has ended stays as it is. */
  cancel(responseId: string, signal?: AbortSignal): Promise<void> {
    return cancelResponse(this.#http, responseId, signal);
  }

  /** Ids of the models that the key may use, in the gateway's order. */
  async models(signal?: AbortSignal): Promise<string[]> {
    const answer = await this.#http.json({ method: 'GET', path: '/models', signal });
    return understood(arrayField(answer, 'data')).flatMap((model) => stringField(model, 'id') ?? []);
  }

  createContainer(container: containers.NewContainer, signal?: AbortSignal): Promise<Container> {
    return containers.createContainer(this.#http, this.#routes, container, signal);
  }

  /** @param model the one in use, where there is one: some gateways do not list without */
  listContainers(signal?: AbortSignal, model?: string): Promise<Container[]> {
    return containers.listContainers(this.#http, this.#routes, model, signal);
  }

  retrieveContainer(id: string, signal?: AbortSignal): Promise<Container> {
    const call = () => containers.retrieveContainer(this.#http, this.#routes, id, signal);
    return this.#used(id, call, signal, ({ status }) => status !== 'expired');
  }

  deleteContainer(id: string, signal?: AbortSignal): Promise<void> {
    const call = () => containers.deleteContainer(this.#http, this.#routes, id, signal);
    return this.#ownership.call(id, call, signal);
  }

  /** All files of a container, newest first. */
  listFiles(containerId: string, signal?: AbortSignal): Promise<ContainerFile[]> {
    return allPages(this.filePages(containerId, signal));
  }

  /** The files of a container, newest first, page by page: the next one is asked for when it is wanted. */
  filePages(containerId: string, signal?: AbortSignal): AsyncGenerator<readonly ContainerFile[]> {
    const get = (path: string) => {
      const call = () => this.#http.json({ method: 'GET', path, signal });
      return this.#used(containerId, call, signal);
    };
    return listPages(containerFiles.filesOf(this.#routes, containerId), get);
  }

  retrieveFile(containerId: string, fileId: string, signal?: AbortSignal): Promise<ContainerFile> {
    const call = () => containerFiles.retrieveFile(this.#http, this.#routes, containerId, fileId, signal);
    return this.#used(containerId, call, signal);
  }

  deleteFile(containerId: string, fileId: string, signal?: AbortSignal): Promise<void> {
    const call = () => containerFiles.deleteFile(this.#http, this.#routes, containerId, fileId, signal);
    return this.#used(containerId, call, signal);
  }

  uploadFile(containerId: string, file: UploadFile, signal?: AbortSignal): Promise<ContainerFile> {
    const call = () => containerFiles.uploadFile(this.#http, this.#routes, containerId, file, signal);
    return this.#used(containerId, call, signal);
  }

  /** The bytes of a file, as {@link readContent} gives them. */
  fileContent({ containerId, fileId, filename }: FileRef, signal?: AbortSignal): Promise<FileContent> {
    const call = () => {
      const path = containerFiles.filePath(this.#routes, containerId, fileId);
      return readContent(this.#http, `${path}/content`, filename, signal);
    };
    return this.#used(containerId, call, signal);
  }

  async #used<T>(
    containerId: string,
    call: () => Promise<T>,
    signal: AbortSignal | undefined,
    isAlive: (answer: T) => boolean = () => true,
  ): Promise<T> {
    try {
      const answer = await this.#ownership.call(containerId, call, signal);
      this.#onContainer(containerId, isAlive(answer) ? 'used' : 'expired');
      return answer;
    } catch (error) {
      if (error instanceof GatewayError && error.kind === 'container_expired')
        this.#onContainer(containerId, 'expired');
      throw error;
    }
  }

  #followed(batches: AsyncIterable<readonly RunEvent[]>): AsyncGenerator<readonly RunEvent[]> {
    return this.#ownership.follow(this.#routes.nativeIds(batches));
  }
}
