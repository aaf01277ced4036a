import type { FileRef } from '../core/citations.ts';
import type { RunEvent } from '../core/events.ts';
import type { Container, ContainerFile } from '../core/files.ts';
import { arrayField, stringField } from '../core/json.ts';
import * as containerFiles from './containerFiles.ts';
import * as containers from './containers.ts';
import { understood } from './containers.ts';
import { type GatewayAddress, GatewayHttp } from './http.ts';
import { ContainerRoutes } from './litellm.ts';
import type { UploadFile } from './multipart.ts';
import { type RunRequest, run } from './runs.ts';
import type { Transport } from './transport.ts';

/** One gateway: runs, containers, files, models. Every method throws {@link GatewayError}, or the signal's reason. */
export class GatewayClient {
  readonly #http: GatewayHttp;
  readonly #routes = new ContainerRoutes();

  /** @throws GatewayError `address_invalid` */
  constructor(address: GatewayAddress, transport: Transport) {
    this.#http = new GatewayHttp(address, transport);
  }

  run(request: RunRequest, signal: AbortSignal): AsyncGenerator<readonly RunEvent[]> {
    return run(this.#http, this.#routes, request, signal);
  }

  /** Ids of the models that the key may use, in the gateway's order. */
  async models(signal?: AbortSignal): Promise<string[]> {
    const answer = await this.#http.json({ method: 'GET', path: '/models', signal });
    return understood(arrayField(answer, 'data')).flatMap((model) => stringField(model, 'id') ?? []);
  }

  createContainer(container: containers.NewContainer, signal?: AbortSignal): Promise<Container> {
    return containers.createContainer(this.#http, this.#routes, container, signal);
  }

  listContainers(signal?: AbortSignal): Promise<Container[]> {
    return containers.listContainers(this.#http, this.#routes, signal);
  }

  retrieveContainer(id: string, signal?: AbortSignal): Promise<Container> {
    return containers.retrieveContainer(this.#http, this.#routes, id, signal);
  }

  deleteContainer(id: string, signal?: AbortSignal): Promise<void> {
    return containers.deleteContainer(this.#http, this.#routes, id, signal);
  }

  listFiles(containerId: string, signal?: AbortSignal): Promise<ContainerFile[]> {
    return containerFiles.listFiles(this.#http, this.#routes, containerId, signal);
  }

  retrieveFile(containerId: string, fileId: string, signal?: AbortSignal): Promise<ContainerFile> {
    return containerFiles.retrieveFile(this.#http, this.#routes, containerId, fileId, signal);
  }

  deleteFile(containerId: string, fileId: string, signal?: AbortSignal): Promise<void> {
    return containerFiles.deleteFile(this.#http, this.#routes, containerId, fileId, signal);
  }

  uploadFile(containerId: string, file: UploadFile, signal?: AbortSignal): Promise<ContainerFile> {
    return containerFiles.uploadFile(this.#http, this.#routes, containerId, file, signal);
  }

  fileContent(file: FileRef, signal?: AbortSignal): Promise<containerFiles.FileContent> {
    return containerFiles.fileContent(this.#http, this.#routes, file, signal);
  }
}
