import * as vscode from 'vscode';
import { type ContainerLife, minutesLeft } from '../../core/containerLife.ts';

/** What is left of a container's life, in words. */
export function lifeWords(life: ContainerLife, now: number): string {
  const left = minutesLeft(life, now);
  return left === 0 ? vscode.l10n.t('expired') : vscode.l10n.t('{0} min left', String(left));
}
