import { runCitations } from './citations.ts';
import type { RunEvent } from './events.ts';
import type { ContainerFile } from './files.ts';
import { reduceRun } from './run.ts';
import { hasEnded, initialRun, type RunState } from './runState.ts';
import { titleOf } from './title.ts';

/** The gateway a session talks to, as far as people need to know it. Never its key. */
export interface GatewayLabel {
  /** Such as `Local Python` or `https://llm.example.com`. */
  readonly name: string;
  readonly local: boolean;
  readonly model: string;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What of a file it is, where that is not what is on the disk. */
  readonly part?: AttachmentPart;
}

/** The text as an editor holds it, or what is selected of it. */
export type AttachmentPart = 'unsaved' | 'selection';

/** How a session came to be without the container that it had. */
export type ContainerLoss = 'expired' | 'gone' | 'local_restarted';

type PlainNotice =
  /** Neither what the code printed nor what it drew came; files may be there. */
  | 'outputs_unavailable'
  /** What the code printed came, and nothing that leads to pictures or files. */
  | 'only_logs'
  /** Pictures came, and nothing that leads to files. */
  | 'files_unreachable'
  /** Neither outputs nor anything that leads to files came. */
  | 'nothing_passed_on'
  | 'files_unlisted'
  /** A refusal of the container's files was put right behind the scenes. */
  | 'access_restored'
  /** The gateway did not have the answers before any more: what was said went along with the message. */
  | 'answers_retold'
  /** The gateway was not told, or did not confirm, that a run in the background shall end. */
  | 'not_cancelled'
  /** The gateway does not know how the run ended. */
  | 'end_unknown';

/** Something worth saying about a run that is no failure; each kind at most once a run. */
export type Notice =
  | { readonly kind: PlainNotice }
  /** The person did not want these files to leave the machine. */
  | { readonly kind: 'files_left_out'; readonly names: readonly string[] }
  | RenewedNotice;

/** A container took the place of one that was lost. */
export interface RenewedNotice {
  readonly kind: 'container_renewed';
  readonly loss: ContainerLoss;
  /** How many files that were sent before are in the new container. */
  readonly restored: number;
  /** Names of those among them that are not as they were sent any more: what was sent was used. */
  readonly changed: readonly string[];
  /** Names of files that changed or are gone, and of which nothing is left to send. */
  readonly leftOut: readonly string[];
}

/** How far the upload of a run's files has come. */
export interface UploadProgress {
  /** Of the file that is being uploaded. */
  readonly name: string;
  /** Which one that is, from 1, of how many. */
  readonly place: number;
  readonly count: number;
  /** Bytes that have left, of all that it has. */
  readonly sent: number;
  readonly size: number;
}

/** One exchange: what was asked and what came of it. */
export interface RunEntry {
  readonly id: string;
  readonly prompt: string;
  readonly attachments: readonly Attachment[];
  /** ms since the epoch. */
  readonly requestedAt: number;
  /** It goes on at the provider whether or not somebody listens. */
  readonly background: boolean;
  /** Set while files are on their way. */
  readonly upload: UploadProgress | undefined;
  readonly state: RunState;
  /** Files that the container holds and did not before the run. */
  readonly files: readonly ContainerFile[];
  /** All that the container held after the run: what links of the answer may mean. */
  readonly listed: readonly ContainerFile[];
  readonly notices: readonly Notice[];
}

export interface SessionContainer {
  readonly id: string;
  /** ms since the epoch by our own clock: the service's `last_active_at` is not to be trusted (wire.md, section 4). */
  readonly lastUsedAt: number;
  readonly lifeMinutes: number;
}

/** A file that was put into a container: what has left for where. */
export interface SentFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** ms since the epoch. */
  readonly at: number;
  /** What the gateway is called. */
  readonly gateway: string;
  readonly containerId: string;
  /** In the container. */
  readonly path: string;
  /** Where it came from; undefined where that is nowhere to be read again. */
  readonly uri: string | undefined;
}

/** Which session has used which container. */
export interface ContainerUse {
  readonly containerId: string;
  /** At the local gateway. */
  readonly local: boolean;
  /** The session's title. */
  readonly title: string;
}

/** A chain of runs on one container at one gateway. Immutable: {@link reduceSession} gives the next one. */
export interface SessionState {
  readonly id: string;
  /** What people call it: the first words of the first prompt, or what they named it. Empty before either. */
  readonly title: string;
  readonly gateway: GatewayLabel;
  readonly container: SessionContainer | undefined;
  readonly runs: readonly RunEntry[];
  /** To be sent with the next message. */
  readonly attachments: readonly Attachment[];
  /** The newest {@link MOST_SENT}, oldest first. */
  readonly sent: readonly SentFile[];
}

/** Sent files that a session tells of. */
export const MOST_SENT = 1_000;

export type SessionEvent =
  | { readonly type: 'session.renamed'; readonly title: string }
  | { readonly type: 'session.gateway'; readonly gateway: GatewayLabel }
  | { readonly type: 'session.container'; readonly container: SessionContainer | undefined }
  | { readonly type: 'session.attachments'; readonly attachments: readonly Attachment[] }
  | { readonly type: 'session.sent'; readonly file: SentFile }
  | {
      readonly type: 'run.requested';
      readonly runId: string;
      readonly prompt: string;
      readonly attachments: readonly Attachment[];
      readonly background: boolean;
      readonly at: number;
    }
  | { readonly type: 'run.event'; readonly runId: string; readonly event: RunEvent; readonly at: number }
  | {
      readonly type: 'run.files';
      readonly runId: string;
      readonly files: readonly ContainerFile[];
      readonly listed: readonly ContainerFile[];
    }
  | { readonly type: 'run.upload'; readonly runId: string; readonly upload: UploadProgress | undefined }
  | { readonly type: 'run.notice'; readonly runId: string; readonly notice: Notice };

export function newSession(id: string, gateway: GatewayLabel): SessionState {
  return { id, title: '', gateway, container: undefined, runs: [], attachments: [], sent: [] };
}

/** The session after one more event; the same object where nothing changed. */
export function reduceSession(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'session.renamed':
      return event.title === state.title ? state : { ...state, title: event.title };
    case 'session.gateway':
      return { ...state, gateway: event.gateway };
    case 'session.container':
      return { ...state, container: event.container };
    case 'session.attachments':
      return { ...state, attachments: event.attachments };
    case 'session.sent':
      return { ...state, sent: [...state.sent, event.file].slice(-MOST_SENT) };
    case 'run.requested': {
      const run: RunEntry = {
        id: event.runId,
        prompt: event.prompt,
        attachments: event.attachments,
        requestedAt: event.at,
        background: event.background,
        upload: undefined,
        state: { ...initialRun, lastEventAt: event.at },
        files: [],
        listed: [],
        notices: [],
      };
      return { ...state, title: state.title || titleOf(event.prompt), runs: [...state.runs, run] };
    }
    case 'run.event':
      return changeRun(state, event.runId, (run) => {
        const next = reduceRun(run.state, event.event, event.at);
        return next === run.state ? run : { ...run, state: next };
      });
    case 'run.files':
      return changeRun(state, event.runId, (run) => ({
        ...run,
        files: event.files,
        listed: event.listed,
      }));
    case 'run.upload':
      return changeRun(state, event.runId, (run) =>
        run.upload === event.upload ? run : { ...run, upload: event.upload },
      );
    case 'run.notice':
      return changeRun(state, event.runId, (run) =>
        run.notices.some(({ kind }) => kind === event.notice.kind)
          ? run
          : { ...run, notices: [...run.notices, event.notice] },
      );
  }
}

function changeRun(state: SessionState, runId: string, change: (run: RunEntry) => RunEntry): SessionState {
  const place = state.runs.findLastIndex((run) => run.id === runId);
  const run = state.runs[place];
  if (run === undefined) return state;
  const changed = change(run);
  return changed === run ? state : { ...state, runs: state.runs.with(place, changed) };
}

/** The run that is under way, if any. */
export function activeRun(state: SessionState): RunEntry | undefined {
  const last = state.runs.at(-1);
  return last && !hasEnded(last.state) ? last : undefined;
}

/** The container a run has worked in, as its answer tells. */
export function containerOf(run: RunEntry): string | undefined {
  const step = run.state.items.findLast((item) => item.kind === 'code' && item.containerId);
  return step?.kind === 'code' ? step.containerId : undefined;
}

/**
 * What the gateway kept to itself of a run whose code ran to its end; undefined where nothing is missing.
 *
 * @param container the session's, which may be known though the answer does not name it
 */
export function withheld(run: RunEntry, container: SessionContainer | undefined): Notice | undefined {
  const steps = run.state.items.filter((item) => item.kind === 'code');
  if (run.state.status !== 'completed' || steps.length === 0) return undefined;
  const silent = steps.some((step) => step.outputs === undefined);
  const cited = runCitations(run.state).some(({ containerId }) => containerId !== '');
  if (container !== undefined || cited || containerOf(run) !== undefined)
    return silent ? { kind: 'outputs_unavailable' } : undefined;
  if (silent) return { kind: 'nothing_passed_on' };
  const drawn = steps.some((step) => step.outputs?.some((output) => output.type === 'image'));
  return { kind: drawn ? 'files_unreachable' : 'only_logs' };
}

/**
 * Whether the gateway may be asked how a run ended: it told its id for the run and not its end, and has not yet said
 * that it does not know.
 */
export function canResume(run: RunEntry): boolean {
  const { status, responseId } = run.state;
  if (status !== 'cut' || responseId === undefined) return false;
  return !run.notices.some(({ kind }) => kind === 'end_unknown');
}

/** Whether a run came to an end that the next one can go on from. */
export function canBeContinued({ state }: RunEntry): boolean {
  return state.responseId !== undefined && (state.status === 'completed' || state.status === 'incomplete');
}

/** What the next run continues: the last response that came to a good end. */
export function lastResponseId(runs: readonly RunEntry[]): string | undefined {
  return runs.findLast(canBeContinued)?.state.responseId;
}
