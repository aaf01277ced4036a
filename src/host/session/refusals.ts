import { errorFromWire } from '../../core/classify.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ErrorKind, RunEvent } from '../../core/events.ts';

/** An answer of nothing but the news that what it was to go on from is gone is a refusal: it is thrown as one. */
export function refuseGone(batch: readonly RunEvent[]): void {
  const said = batch.filter((event) => event.type !== 'unknown');
  const [first] = said;
  if (first?.type !== 'error' || said.some((event) => event.type !== 'error')) return;
  const error = errorFromWire(first.error);
  if (error.kind === 'container_expired' || error.kind === 'answers_gone') throw new GatewayError(error);
}

/** Kinds by which gateways say that they do not have a run, or no way to ask for it. */
const UNKNOWN: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['not_found', 'route_missing', 'bad_request']);

/** Whether a gateway answers that it cannot say how a run ended. */
export function doesNotKnow(error: unknown): boolean {
  return error instanceof GatewayError && UNKNOWN.has(error.kind);
}
