import { reduceSession, type SessionState } from '../core/session.ts';
import type { HostMessage } from '../protocol.ts';

/** What came of a message about the session. */
export type FeedResult = 'changed' | 'unchanged' | 'gap';

/**
 * The panel's copy of the session: a snapshot, then numbered events. After a gap nothing is applied until the next
 * snapshot, for a state built on half the events would be a wrong one.
 */
export class SessionFeed {
  #session: SessionState | undefined;
  #next = 0;
  #waiting = true;

  get session(): SessionState | undefined {
    return this.#session;
  }

  apply(message: Extract<HostMessage, { type: 'snapshot' | 'events' }>): FeedResult {
    if (message.type === 'snapshot') {
      this.#session = message.session;
      this.#next = message.seq + 1;
      this.#waiting = false;
      return 'changed';
    }
    // Nothing can be missed before the first snapshot or between a gap and the next one: it was asked for already.
    if (this.#waiting || this.#session === undefined) return 'unchanged';
    if (message.seq > this.#next) {
      this.#waiting = true;
      return 'gap';
    }
    const before = this.#session;
    let session = before;
    for (const event of message.events.slice(this.#next - message.seq)) {
      session = reduceSession(session, event);
      this.#next++;
    }
    this.#session = session;
    return session === before ? 'unchanged' : 'changed';
  }
}
