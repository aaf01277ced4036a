import type { AttachedPath } from '../attached.ts';
import { filesMade } from '../citations.ts';
import { parseJson } from '../json.ts';
import { hasEnded } from '../runState.ts';
import {
  type Attachment,
  type AttachmentPart,
  type ContainerLoss,
  MOST_SENT,
  type Notice,
  type RunEntry,
  type SentFile,
  type SessionContainer,
  type SessionState,
  type UploadProgress,
} from '../session.ts';
import { containerFile, runState } from './readRun.ts';
import {
  count,
  finite,
  flag,
  list,
  MISMATCH,
  maybe,
  object,
  optional,
  type Reader,
  text,
  union,
  word,
} from './shape.ts';
import {
  LONGEST_TITLE,
  parseHead,
  readGateway,
  readId,
  STORED_VERSION,
  type StoredHead,
} from './storedHead.ts';

/** A picture of a session; its bytes are a file beside the session's own. */
export interface StoredPicture {
  /** As the session's state names it. */
  readonly key: string;
  readonly mime: string;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** A file that was put into a container. */
export interface StoredInput {
  readonly name: string;
  readonly uri: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly containerId: string;
  readonly path: string;
  /** Its bytes are a file beside the session's own: there is nowhere to read it from again. */
  readonly kept: boolean;
}

/** A file that waits to be sent with the next message. */
export interface StoredWaiting {
  readonly attachment: Attachment;
  /** When it was attached, ms since the epoch. */
  readonly at: number;
  /** Where it came from; undefined where that is nowhere to be read again. */
  readonly uri: string | undefined;
  /** Whose text it is a part of, where it is no file of its own. */
  readonly origin: string | undefined;
  /** SHA-256, lower-case hex, of the bytes in a file beside the session's own; undefined where `uri` has them. */
  readonly copy: string | undefined;
}

/** What a run has sent. */
export interface StoredMessage {
  readonly runId: string;
  readonly text: string;
  readonly forceCode: boolean;
  readonly withoutAttachments: boolean;
  /** URI of the document in which it, or a part of it, was selected. */
  readonly origin: string | undefined;
  readonly files: readonly AttachedPath[];
}

/** What the next request of a session goes on from. */
export interface StoredChain {
  /** Place of the first run that can be continued. */
  readonly start: number;
  readonly knownFiles: readonly string[];
  readonly loss: ContainerLoss | undefined;
  /** The gateway has the answers before. */
  readonly answersKept: boolean;
}

/** All that is stored of a session but the bytes of its pictures and inputs. */
export interface StoredSession {
  readonly state: SessionState;
  /** Of the gateway that the session is at, without its key; undefined before anything was sent. */
  readonly gatewayId: string | undefined;
  readonly chain: StoredChain;
  readonly inputs: readonly StoredInput[];
  readonly waiting: readonly StoredWaiting[];
  readonly messages: readonly StoredMessage[];
  readonly pictures: readonly StoredPicture[];
}

/** The head of a session as it is now. @param owner undefined where no window has it open from now on */
export function headOf({ state, pictures, waiting }: StoredSession, owner: number | undefined): StoredHead {
  const files = new Set(
    state.runs.flatMap((run) => filesMade(run.state, run.files)).map(({ fileId }) => fileId),
  );
  return {
    version: STORED_VERSION,
    id: state.id,
    title: state.title,
    updatedAt: Math.max(updatedAt(state), ...waiting.map(({ at }) => at)),
    gateway: state.gateway,
    runs: state.runs.length,
    pictures: new Set(pictures.map(({ sha256 }) => sha256)).size,
    files: files.size,
    running: state.runs.some((run) => !hasEnded(run.state)),
    owner,
  };
}

function updatedAt({ runs }: SessionState): number {
  return Math.max(0, ...runs.slice(-1).map((run) => run.state.endedAt ?? run.state.lastEventAt));
}

/** A session as text: two lines of JSON, the head and the rest. */
export function serialiseSession(head: StoredHead, session: StoredSession): string {
  return `${JSON.stringify(head)}\n${JSON.stringify(session)}\n`;
}

/** A session from its text; undefined where it is none of this version. Never throws. */
export function parseSession(
  stored: string,
): { readonly head: StoredHead; readonly session: StoredSession } | undefined {
  const [first = '', second = ''] = stored.split('\n', 2);
  const head = parseHead(first);
  if (head === undefined) return undefined;
  const session = readSession(parseJson(second));
  return session !== MISMATCH && session.state.id === head.id ? { head, session } : undefined;
}

const sha256: Reader<string> = (value) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : MISMATCH;

const loss = word<ContainerLoss>({ expired: true, gone: true, local_restarted: true });

const plain = <K extends Exclude<Notice['kind'], 'container_renewed' | 'files_left_out'>>(kind: K) =>
  object<{ readonly kind: K }>({ kind: word({ [kind]: true } as Record<K, true>) });

const NOTICES = {
  outputs_unavailable: plain('outputs_unavailable'),
  only_logs: plain('only_logs'),
  files_unreachable: plain('files_unreachable'),
  nothing_passed_on: plain('nothing_passed_on'),
  files_unlisted: plain('files_unlisted'),
  access_restored: plain('access_restored'),
  answers_retold: plain('answers_retold'),
  not_cancelled: plain('not_cancelled'),
  end_unknown: plain('end_unknown'),
  files_left_out: object<Extract<Notice, { kind: 'files_left_out' }>>({
    kind: word({ files_left_out: true }),
    names: list(text()),
  }),
  container_renewed: object<Extract<Notice, { kind: 'container_renewed' }>>({
    kind: word({ container_renewed: true }),
    loss,
    restored: count,
    changed: list(text()),
    leftOut: list(text()),
  }),
} satisfies Record<Notice['kind'], Reader<Notice>>;

const attachment = object<Attachment>({
  id: text(),
  name: text(),
  size: count,
  part: optional(word<AttachmentPart>({ unsaved: true, selection: true })),
});

const runEntry = object<RunEntry>({
  id: text(),
  prompt: text(),
  attachments: list(attachment),
  requestedAt: finite,
  background: flag,
  upload: maybe(object<UploadProgress>({ name: text(), place: count, count, sent: count, size: count })),
  state: runState,
  files: list(containerFile),
  listed: list(containerFile),
  notices: list(union<Notice>('kind', NOTICES)),
});

const sentFile = object<SentFile>({
  name: text(),
  size: count,
  sha256,
  at: finite,
  gateway: text(),
  containerId: text(),
  path: text(),
  uri: maybe(text()),
});

const attachedPath = object<AttachedPath>({ name: text(), path: text() });

const readSession = object<StoredSession>({
  state: object<SessionState>({
    id: readId,
    title: text(LONGEST_TITLE),
    gateway: readGateway,
    container: maybe(object<SessionContainer>({ id: text(), lastUsedAt: finite, lifeMinutes: finite })),
    runs: list(runEntry),
    attachments: list(attachment),
    sent: list(sentFile, MOST_SENT),
  }),
  gatewayId: maybe(text()),
  chain: object<StoredChain>({
    start: count,
    knownFiles: list(text()),
    loss: maybe(loss),
    answersKept: flag,
  }),
  inputs: list(
    object<StoredInput>({
      name: text(),
      uri: maybe(text()),
      size: count,
      sha256,
      containerId: text(),
      path: text(),
      kept: flag,
    }),
  ),
  waiting: listOrNone(
    object<StoredWaiting>({
      attachment,
      at: finite,
      uri: maybe(text()),
      origin: maybe(text()),
      copy: maybe(sha256),
    }),
  ),
  messages: list(
    object<StoredMessage>({
      runId: text(),
      text: text(),
      forceCode: flag,
      withoutAttachments: flag,
      origin: maybe(text()),
      files: list(attachedPath),
    }),
  ),
  pictures: list(object<StoredPicture>({ key: text(), mime: pictureType(), sha256, size: count })),
});

/** Sessions of before files could wait have no list of them. */
function listOrNone<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value) => (value === undefined ? [] : list(reader)(value));
}

function pictureType(): Reader<string> {
  return word({ 'image/png': true, 'image/jpeg': true, 'image/gif': true, 'image/webp': true });
}
