import { runCitations } from '../../src/core/citations.ts';
import { errorFromWire } from '../../src/core/classify.ts';
import type { RunError, RunEvent } from '../../src/core/events.ts';
import { field, parseJson } from '../../src/core/json.ts';
import { parseResponse, parseWireError } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState, type RunStatus } from '../../src/core/runState.ts';
import { readEvents } from '../../src/gateway/runs/stream.ts';

/** What a recorded answer comes to. */
export interface Replay {
  readonly status: RunStatus;
  readonly steps: readonly {
    readonly code: string;
    readonly status: string;
    readonly logs: string;
    readonly images: readonly { readonly mime: string; readonly characters: number }[];
    readonly containerId: string | null;
  }[];
  readonly text: string;
  readonly citations: readonly {
    readonly fileId: string;
    readonly filename: string;
    readonly containerId: string;
    readonly start: number;
    readonly end: number;
  }[];
  readonly unknownEvents: number;
  readonly error: RunError | null;
}

/** A recorded answer, a stream or one JSON value, through the run model in pieces of `chunk` bytes (default: whole). */
export async function replay(bytes: Uint8Array, chunk?: number): Promise<Replay> {
  return summary(await replayState(bytes, chunk));
}

/** The end state of the run that the recorded answer tells of. The clock counts the events. */
export async function replayState(bytes: Uint8Array, chunk?: number): Promise<RunState> {
  const text = new TextDecoder().decode(bytes);
  let clock = 0;
  let state = initialRun;
  const apply = (event: RunEvent) => {
    state = reduceRun(state, event, ++clock);
  };
  if (/^\s*[{[]/.test(text)) {
    apply(plainAnswer(parseJson(text)));
  } else {
    for await (const batch of readEvents(pieces(bytes, chunk))) batch.forEach(apply);
  }
  apply({ type: 'run.cut', error: { kind: 'stream_cut' } });
  return state;
}

function plainAnswer(value: unknown): RunEvent {
  const error = parseWireError(field(value, 'error'));
  return (
    parseResponse(value) ?? {
      type: 'run.failed',
      error: error ? errorFromWire(error) : { kind: 'not_understood' },
    }
  );
}

async function* pieces(bytes: Uint8Array, chunk = Math.max(1, bytes.length)): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

function summary(state: RunState): Replay {
  const steps = state.items.flatMap((item) => (item.kind === 'code' ? [item] : []));
  const messages = state.items.flatMap((item) => (item.kind === 'message' ? [item] : []));
  return {
    status: state.status,
    steps: steps.map((step) => ({
      code: step.code,
      status: step.status,
      logs: (step.outputs ?? [])
        .flatMap((output) => (output.type === 'logs' ? [output.logs] : []))
        .join('\n'),
      images: (step.outputs ?? []).flatMap((output) =>
        output.type === 'image'
          ? [{ mime: /^data:([^;,]*)/.exec(output.url)?.[1] ?? '', characters: output.url.length }]
          : [],
      ),
      containerId: step.containerId ?? null,
    })),
    text: messages.map((message) => message.parts.map((part) => part.text).join('')).join('\n\n'),
    citations: runCitations(state).map(({ fileId, filename, containerId, startIndex, endIndex }) => ({
      fileId,
      filename,
      containerId,
      start: startIndex,
      end: endIndex,
    })),
    unknownEvents: state.unknownEvents,
    error: state.error ?? null,
  };
}
