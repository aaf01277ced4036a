import * as vscode from 'vscode';
import { minutesLeft, phaseAt } from '../../core/containerLife.ts';
import { parseFileUri } from '../containers/fileUri.ts';
import { FILE_SCHEME } from '../ids.ts';
import type { ContainerLives } from './containerLives.ts';
import { lifeWords } from './lifeWords.ts';

/** The minutes that each container has left, at the right edge of its row: no long name and no narrow side bar hides them there. */
export class LifeBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #lives: ContainerLives;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscription: vscode.Disposable;
  /** Where the editor has asked for the badges of containers, by their ids. */
  readonly #asked = new Map<string, vscode.Uri>();

  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(lives: ContainerLives) {
    this.#lives = lives;
    const changes = lives.onDidChange((id) => {
      const uri = this.#asked.get(id);
      if (uri) this.#changed.fire(uri);
    });
    const provider = vscode.window.registerFileDecorationProvider(this);
    this.#subscription = vscode.Disposable.from(provider, this.#changed, changes);
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    // Every file that the editor shows anywhere is asked about.
    if (uri.scheme !== FILE_SCHEME) return undefined;
    const { containerId, path } = parseFileUri(uri);
    if (path !== '') return undefined;
    this.#asked.set(containerId, uri);
    const life = this.#lives.get(containerId);
    const now = Date.now();
    const phase = life && phaseAt(life, now);
    if (life === undefined || phase === 'ended') return undefined;
    const color = phase === 'ending' ? new vscode.ThemeColor('list.warningForeground') : undefined;
    return new vscode.FileDecoration(badgeOf(minutesLeft(life, now)), lifeWords(life, now), color);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** Two characters, which is all that the editor takes; of what lives longer, the hours. */
function badgeOf(minutes: number): string | undefined {
  if (minutes < 100) return String(minutes);
  return minutes < 600 ? `${Math.floor(minutes / 60)}h` : undefined;
}
