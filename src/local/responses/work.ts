import { baseName } from '../../core/files.ts';
import type { Agent, AgentTask, CodeOutcome } from '../agent.ts';
import type { Container, ContainerOutcome } from '../containers/container.ts';
import type { FileRecord } from '../containers/records.ts';
import { ApiError } from '../http/apiError.ts';
import type { Clock } from '../ids.ts';
import type { ResponseRecord } from './record.ts';
import { ResponseWriter } from './writer.ts';

/** The container of a response: found or made when first needed, so that plain talk makes none. */
export interface ContainerSource {
  readonly current: Container | undefined;
  /** @throws ApiError where none can be made */
  get(): Container;
}

export interface WorkParts {
  readonly agent: Agent;
  readonly containers: ContainerSource;
  /** Files that came with this very request. */
  readonly attached: readonly FileRecord[];
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/**
 * Nothing is tokenised here: `max_output_tokens` is kept by the rule of thumb that a token is about four characters
 * (https://help.openai.com/en/articles/4936856).
 */
const CHARACTERS_PER_TOKEN = 4;

/** What comes of code beyond `max_tool_calls`. */
const NO_MORE_CALLS: CodeOutcome = {
  end: 'interrupted',
  logs: '',
  figures: 0,
  written: [],
  remarks: ['The request allows no more calls of tools (max_tool_calls).'],
};

/** Thrown where a response has written as much as it may. */
class OutputLimitReached extends Error {}

/**
 * Works on a response to its end: lets the agent write, runs its code, and records every event. Never rejects:
 * what goes wrong becomes the response's end.
 */
export async function work(record: ResponseRecord, parts: WorkParts): Promise<void> {
  const writer = new ResponseWriter(record);
  writer.state('response.created');
  if (record.status === 'queued') {
    writer.state('response.queued');
    record.status = 'in_progress';
  }
  writer.state('response.in_progress');
  try {
    record.usage = await converse(record, writer, parts);
    record.finish('completed', parts.clock());
    writer.state('response.completed');
  } catch (error) {
    writer.cut();
    if (record.stop.signal.aborted) {
      record.finish('cancelled', parts.clock());
      // There is no event for it: the hosted service ends the stream so, with the status in the response.
      writer.state('response.failed');
    } else if (error instanceof OutputLimitReached) {
      record.usage = { inputTokens: 0, outputTokens: 0 };
      record.finish('incomplete', parts.clock());
      writer.state('response.incomplete');
    } else {
      fail(record, writer, parts, error);
    }
  } finally {
    record.close();
  }
}

function fail(record: ResponseRecord, writer: ResponseWriter, parts: WorkParts, error: unknown): void {
  const told =
    error instanceof ApiError
      ? error
      : new ApiError(500, 'The local gateway failed to do this.', { code: 'server_error' });
  if (told !== error) parts.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  record.error = told.toBody().error;
  record.finish('failed', parts.clock());
  writer.error(record.error);
  writer.state('response.failed');
}

async function converse(
  record: ResponseRecord,
  writer: ResponseWriter,
  parts: WorkParts,
): Promise<NonNullable<ResponseRecord['usage']>> {
  const { signal } = record.stop;
  const steps = parts.agent.work(taskOf(record, parts), signal);
  let outcome: CodeOutcome | undefined;
  let calls = record.request.repeated.max_tool_calls ?? Number.POSITIVE_INFINITY;
  let room = (record.request.repeated.max_output_tokens ?? Number.POSITIVE_INFINITY) * CHARACTERS_PER_TOKEN;
  try {
    for (;;) {
      const { done, value } = await steps.next(outcome);
      signal.throwIfAborted();
      outcome = undefined;
      if (done) {
        writer.endMessage(parts.containers.current);
        return value;
      }
      const delta = value.type === 'run' ? '' : whole(value.delta, room);
      room -= delta.length;
      switch (value.type) {
        case 'text':
          writer.text(delta);
          break;
        case 'code': {
          if (calls < 1) break;
          writer.endMessage(parts.containers.current);
          const container = containerOf(record, parts);
          // Python gets ready while its code is still being written.
          if (!writer.writingCode) void container.warm();
          writer.code(delta, container);
          break;
        }
        case 'run':
          outcome = calls < 1 ? NO_MORE_CALLS : toldOutcome(await run(record, writer, parts));
          calls--;
          break;
      }
      if (value.type !== 'run' && delta !== value.delta) throw new OutputLimitReached();
    }
  } finally {
    await steps.return({ inputTokens: 0, outputTokens: 0 });
  }
}

/** The beginning of a text, no character cut in two. */
function whole(text: string, most: number): string {
  const start = text.slice(0, most);
  return start.isWellFormed() ? start : start.slice(0, -1);
}

async function run(
  record: ResponseRecord,
  writer: ResponseWriter,
  parts: WorkParts,
): Promise<ContainerOutcome> {
  const code = writer.interpreting();
  const outcome = await containerOf(record, parts).run(code, record.stop.signal);
  writer.ran(outcome);
  record.stop.signal.throwIfAborted();
  return outcome;
}

function containerOf(record: ResponseRecord, parts: WorkParts): Container {
  const container = parts.containers.get();
  record.containerId = container.id;
  return container;
}

function toldOutcome(outcome: ContainerOutcome): CodeOutcome {
  return {
    end: outcome.end,
    logs: outcome.logs,
    figures: outcome.figures.length,
    written: outcome.written.map((file) => file.path),
    remarks: outcome.remarks,
  };
}

function taskOf(record: ResponseRecord, parts: WorkParts): AgentTask {
  const { input, instructions, tool, withOutputs } = record.request;
  const files = parts.containers.current?.files.list().filter((file) => !file.figure) ?? [];
  return {
    prompt: input.prompt,
    instructions,
    history: record.history,
    pictures: input.pictures,
    tool,
    logsShown: withOutputs,
    files: files.map((file) => ({
      path: file.path,
      name: file.uploadedAs ?? baseName(file.path),
      source: file.source,
      attachedNow: parts.attached.includes(file),
    })),
    readFile: async (path) => {
      const container = parts.containers.current;
      const file = container?.files.at(path);
      if (!container || !file) throw new Error(`There is no file ${path}.`);
      return await container.files.bytes(file);
    },
    pythonReady: async () => await containerOf(record, parts).warm(),
    isProgram: async (text) => await containerOf(record, parts).isProgram(text),
  };
}
