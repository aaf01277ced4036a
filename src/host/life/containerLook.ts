import * as vscode from 'vscode';
import { type ContainerLife, endOf, estimatedCost, phaseAt } from '../../core/containerLife.ts';
import type { Container } from '../../core/files.ts';
import { lifeWords } from './lifeWords.ts';

/** What the tree tells of a container's life. */
export interface ContainerLook {
  readonly icon: vscode.ThemeIcon;
  /** Beside its name. */
  readonly description: string;
  /** Lines that say more, for who points at it. */
  readonly more: readonly string[];
}

export interface LookedAt {
  readonly container: Container;
  /** Undefined for one that was not used from here. */
  readonly life: ContainerLife | undefined;
  /** How many of its files are kept. */
  readonly kept: number;
  /** At the local gateway, which costs nothing. */
  readonly local: boolean;
}

export function containerLook({ container, life, kept, local }: LookedAt, now: number): ContainerLook {
  const phase = life && phaseAt(life, now);
  const gone = container.status === 'expired';
  const keptWords = kept === 0 ? '' : vscode.l10n.t('{0} kept', String(kept));
  if (gone || phase === 'ended') {
    const words = gone ? vscode.l10n.t('expired') : vscode.l10n.t('may have expired');
    return { icon: new vscode.ThemeIcon('circle-slash'), description: joined([words, keptWords]), more: [] };
  }
  const cost = local ? undefined : costSoFar(container, life, now);
  const facts = [
    life ? lifeWords(life, now) : '',
    local ? '' : (container.memoryLimit ?? ''),
    cost === undefined ? '' : costWords(cost),
    keptWords,
  ];
  const icon =
    phase === 'ending'
      ? new vscode.ThemeIcon('watch', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon('package');
  return { icon, description: joined(facts), more: cost === undefined ? [] : [costNote()] };
}

/** Estimated dollars of all containers that live and were used from here; undefined where there are none, or they cost nothing. */
export function costOfAll(all: readonly LookedAt[], now: number): number | undefined {
  const costs = all.flatMap(({ container, life, local }) => {
    const alive = container.status !== 'expired' && life !== undefined && phaseAt(life, now) !== 'ended';
    return alive && !local ? (costSoFar(container, life, now) ?? []) : [];
  });
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}

/** `about $0.12`. */
export function costWords(dollars: number): string {
  return vscode.l10n.t('about {0}', `$${dollars.toFixed(2)}`);
}

function costNote(): string {
  return vscode.l10n.t(
    "The cost is an estimate, from OpenAI's prices for each 20 minutes begun. Your provider's bill is what counts.",
  );
}

function costSoFar(
  { memoryLimit, createdAt }: Container,
  life: ContainerLife | undefined,
  now: number,
): number | undefined {
  if (createdAt === undefined) return undefined;
  const until = life === undefined ? now : Math.min(now, endOf(life));
  return estimatedCost(memoryLimit, createdAt * 1000, until);
}

function joined(facts: readonly string[]): string {
  return facts.filter(Boolean).join(' · ');
}
