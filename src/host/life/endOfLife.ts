import * as vscode from 'vscode';
import { type FileRef, filesMade } from '../../core/citations.ts';
import { minutesLeft, phaseAt } from '../../core/containerLife.ts';
import { isCancellation } from '../cancellation.ts';
import { report } from '../errorReport.ts';
import { describeForLog, type Log } from '../log.ts';
import type { Saving } from '../saving/saving.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import { readSettings } from '../settings.ts';
import type { ContainerLives } from './containerLives.ts';
import type { Keeper, KeepResult } from './keeper.ts';
import type { KeptStore } from './keptStore.ts';

export interface EndOfLifeServices {
  readonly sessions: Sessions;
  readonly lives: ContainerLives;
  readonly saving: Saving;
  readonly kept: KeptStore;
  readonly keeper: Keeper;
  readonly log: Log;
}

/**
 * Sees to it that the end of a container costs nobody their work: files that were not saved are kept after each run and
 * before the end, where the person has set so; else, before the end, they are asked once what is to become of them.
 */
export class EndOfLife implements vscode.Disposable {
  readonly #services: EndOfLifeServices;
  readonly #subscription: vscode.Disposable;
  readonly #asked = new Set<string>();

  constructor(services: EndOfLifeServices) {
    const { sessions, lives } = services;
    this.#services = services;
    const ending = lives.onDidChange((id) => this.#lifeChanged(id));
    const used = sessions.onDidUseContainer(({ containerId }) => {
      if (readSettings().keepFiles) void this.#keepQuietly(containerId);
    });
    this.#subscription = vscode.Disposable.from(ending, used);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #lifeChanged(containerId: string): void {
    const { lives } = this.#services;
    const life = lives.get(containerId);
    if (life === undefined || phaseAt(life, Date.now()) !== 'ending') return;
    const session = this.#sessionOf(containerId);
    if (session === undefined) return;
    // Code that runs keeps its container alive.
    if (session.running) lives.used(containerId, { local: session.state.gateway.local });
    else if (readSettings().keepFiles) void this.#keepQuietly(containerId);
    else if (!this.#asked.has(containerId)) void this.#ask(session, containerId);
  }

  async #ask(session: Session, containerId: string): Promise<void> {
    const { kept, saving, keeper, lives, log } = this.#services;
    this.#asked.add(containerId);
    const files = await kept.notKept(await saving.notSaved(madeIn(session, containerId)));
    const life = lives.get(containerId);
    if (files.length === 0 || life === undefined) {
      // There may be something to ask about when it comes to its end again.
      this.#asked.delete(containerId);
      return;
    }
    const saveAll = vscode.l10n.t('Save All');
    const keep = vscode.l10n.t('Keep');
    const notNow = vscode.l10n.t('Not Now');
    const title = session.title || vscode.l10n.t('This Session');
    const minutes = String(minutesLeft(life, Date.now()));
    const chosen = await vscode.window.showInformationMessage(
      files.length === 1
        ? vscode.l10n.t(
            'The container of “{0}” ends in {1} min, with a file that is not saved.',
            title,
            minutes,
          )
        : vscode.l10n.t(
            'The container of “{0}” ends in {1} min, with {2} files that are not saved.',
            title,
            minutes,
            String(files.length),
          ),
      saveAll,
      keep,
      notNow,
    );
    const from = () => session.gateway();
    const act = async (): Promise<void> => {
      try {
        if (chosen === saveAll) await saving.save(files, from);
        if (chosen === keep) tellKept(await keeper.keep(files, title, from));
      } catch (error) {
        void report(error, log, act);
      }
    };
    await act();
  }

  async #keepQuietly(containerId: string): Promise<void> {
    const { saving, keeper, log } = this.#services;
    const session = this.#sessionOf(containerId);
    if (session === undefined) return;
    try {
      const files = await saving.notSaved(madeIn(session, containerId));
      const { tooLarge } = await keeper.keep(files, session.title, () => session.gateway());
      for (const name of tooLarge) log.warn(`${name} is too large to be kept automatically.`);
    } catch (error) {
      if (isCancellation(error)) return;
      log.warn(describeForLog(error));
    }
  }

  #sessionOf(containerId: string): Session | undefined {
    return this.#services.sessions.all.find(({ state }) => state.container?.id === containerId);
  }
}

/** What the runs of a session have made in a container, each file once. */
function madeIn({ state }: Session, containerId: string): readonly FileRef[] {
  // Some gateways do not say where a file is: then it is where the session works.
  const files = state.runs
    .flatMap((run) => filesMade(run.state, run.files))
    .map((file) => (file.containerId === '' ? { ...file, containerId } : file));
  const here = files.filter((file) => file.containerId === containerId);
  return [...new Map(here.map((file) => [file.fileId, file])).values()];
}

function tellKept({ kept, tooLarge }: KeepResult): void {
  if (tooLarge.length > 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Kept: {0}. Too large to be kept: {1}', String(kept), tooLarge.join(', ')),
    );
    return;
  }
  void vscode.window.showInformationMessage(
    kept === 1
      ? vscode.l10n.t('The file is kept. It will be below its container in the tree.')
      : vscode.l10n.t('{0} files are kept. They will be below their container in the tree.', String(kept)),
  );
}
