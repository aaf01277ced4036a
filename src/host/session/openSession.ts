import type { SessionPanel } from '../panel/panel.ts';
import type { SessionKeeper } from '../store/sessionKeeper.ts';
import type { Session } from './session.ts';

/** A session of this window, with what shows it and what keeps it on disk. */
export class OpenSession {
  readonly session: Session;
  readonly keeper: SessionKeeper;
  /** Undefined where its panel was closed. */
  panel: SessionPanel | undefined;

  constructor(session: Session, keeper: SessionKeeper) {
    this.session = session;
    this.keeper = keeper;
  }

  /** Nothing was asked in it, and it works in no container. */
  get isEmpty(): boolean {
    const { runs, container } = this.session.state;
    return runs.length === 0 && container === undefined;
  }

  /** Nobody sees it and nothing goes on in it. */
  get isIdle(): boolean {
    return this.panel === undefined && !this.session.busy;
  }
}
