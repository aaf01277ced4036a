import { activeRun } from '../../core/session.ts';
import type { StoredSession } from '../../core/stored/storedSession.ts';
import type { Attachments } from './attachments.ts';
import type { Chain } from './chain.ts';
import type { LoadBytes } from './imageStore.ts';
import type { SentMessages } from './sentMessages.ts';
import type { SessionRecord } from './sessionRecord.ts';

/** A session of before, as it was stored. */
export interface OpenedSession {
  readonly session: StoredSession;
  /** Bytes of the inputs that have no source, by their SHA-256. */
  readonly kept: ReadonlyMap<string, Uint8Array>;
  readonly load: LoadBytes;
}

/** What a session consists of. */
export interface SessionParts {
  readonly record: SessionRecord;
  readonly chain: Chain;
  readonly sent: SentMessages;
  readonly attachments: Attachments;
}

/** All that has to be stored of a session to go on later, but for the bytes of pictures and inputs. */
export function storedOf(
  { record, chain, sent, attachments }: SessionParts,
  gatewayId: string | undefined,
): StoredSession {
  return {
    // They are in `waiting`, with what is needed to have them again.
    state: { ...record.state, attachments: [] },
    gatewayId,
    chain: chain.stored,
    inputs: chain.inputs.stored,
    waiting: attachments.stored,
    messages: sent.stored,
    pictures: record.images.pictures,
  };
}

/** Makes a session whose record has the stored state go on where it was; a run that was under way then is over. */
export function goOn(
  { record, chain, sent }: Omit<SessionParts, 'attachments'>,
  { session, kept }: OpenedSession,
): void {
  chain.restore(session.chain);
  chain.inputs.restore(session.inputs, kept);
  sent.restore(session.messages);
  const run = activeRun(session.state);
  if (run === undefined) return;
  record.apply({ type: 'run.upload', runId: run.id, upload: undefined });
  // The local gateway goes with its window; elsewhere the run may have gone on.
  const over = session.state.gateway.local || run.state.responseId === undefined;
  record.applyRun(run.id, [{ type: over ? 'run.failed' : 'run.cut', error: { kind: 'window_closed' } }]);
}
