import type { RunEntry, SessionState } from '../../core/session.ts';
import { formatCost, formatDuration, formatTokens, shortId } from './format.ts';
import type { Language } from './view.ts';
import type { ContainerView, FooterFact, FooterView } from './viewTypes.ts';

/** The line under a finished run: model, tokens, cost, time, container. */
export function footerView(
  session: SessionState,
  entry: RunEntry,
  containerId: string,
  last: boolean,
  { t, lang }: Language,
): FooterView {
  const { state } = entry;
  const facts: FooterFact[] = [];
  const model = state.model ?? session.gateway.model;
  if (model !== '') facts.push({ text: model, title: t('Model') });
  const tokens = formatTokens(state.usage, lang, t);
  if (tokens !== undefined) facts.push({ text: tokens, title: t('Tokens, as the gateway reports them') });
  facts.push({
    text: formatCost(state.usage, session.gateway.local, lang, t),
    title: t('Cost, as the gateway reports it'),
  });
  const endedAt = state.endedAt ?? state.lastEventAt;
  facts.push({ text: formatDuration(endedAt - entry.requestedAt, lang, t), title: t('Time taken') });
  return { facts, container: containerView(session, containerId, last) };
}

function containerView(session: SessionState, containerId: string, last: boolean): ContainerView | undefined {
  const current = last ? session.container : undefined;
  const id = current?.id ?? containerId;
  if (id === '') return undefined;
  const expiresAt = current && current.lastUsedAt + current.lifeMinutes * 60_000;
  return { id, short: shortId(id), expiresAt };
}

/** A container's remaining life in words, at the time `now`. */
export function lifeWords(expiresAt: number, now: number, { t }: Language): string {
  const minutes = Math.ceil((expiresAt - now) / 60_000);
  if (minutes <= 0) return t('expired');
  return minutes === 1 ? t('1 min left') : t('{0} min left', String(minutes));
}
