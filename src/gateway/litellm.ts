import type { Citation, RunEvent, TextPart } from '../core/events.ts';
import { mapItems } from '../core/mapEvent.ts';

const PREFIX = 'cntr_';
const NATIVE = /(?:^|;)container_id:([^;]+)$/;

/**
 * The provider's own id in a container id that LiteLLM has rewritten, else the id itself. LiteLLM puts base64 of
 * `litellm:custom_llm_provider:P;model_id:M;container_id:NATIVE` behind the prefix (wire.md, section 5).
 */
export function nativeContainerId(id: string): string {
  // A native id is 53 characters of hex; a rewritten one always longer than the 64 that the API allows.
  if (id.length <= 64 || !id.startsWith(PREFIX)) return id;
  const text = Buffer.from(id.slice(PREFIX.length), 'base64').toString('utf8');
  return text.startsWith('litellm:') ? (NATIVE.exec(text)?.[1] ?? id) : id;
}

/**
 * Container ids of one gateway: everything is keyed by the native id, but paths use the rewritten one where it is
 * known, for it leads LiteLLM to the right deployment.
 */
export class ContainerRoutes {
  readonly #routed = new Map<string, string>();

  /** The native id; remembers how the gateway spelled it. */
  learn(id: string): string {
    const native = nativeContainerId(id);
    if (native !== id) this.#routed.set(native, id);
    return native;
  }

  /** The id to put into a path. */
  inPath(native: string): string {
    return this.#routed.get(native) ?? native;
  }

  /** The same events with native ids in them. */
  async *nativeIds(batches: AsyncIterable<readonly RunEvent[]>): AsyncGenerator<readonly RunEvent[]> {
    for await (const batch of batches) yield batch.map((event) => this.learnFrom(event));
  }

  /** The same event with native ids in it. */
  learnFrom(event: RunEvent): RunEvent {
    switch (event.type) {
      case 'response.output_text.annotation.added':
        return { ...event, citation: this.#nativeCitation(event.citation) };
      case 'response.content_part.added':
      case 'response.content_part.done':
        return { ...event, part: this.#nativePart(event.part) };
      default:
        return this.#nativeItems(event);
    }
  }

  #nativeCitation(citation: Citation): Citation {
    return { ...citation, containerId: this.learn(citation.containerId) };
  }

  #nativePart(part: TextPart): TextPart {
    return { ...part, citations: part.citations.map((citation) => this.#nativeCitation(citation)) };
  }

  #nativeItems(event: RunEvent): RunEvent {
    return mapItems(event, (item) => {
      switch (item.type) {
        case 'code_interpreter_call':
          return item.containerId === undefined
            ? item
            : { ...item, containerId: this.learn(item.containerId) };
        case 'message':
          return { ...item, parts: item.parts.map((part) => this.#nativePart(part)) };
        case 'other':
          return item;
      }
    });
  }
}
