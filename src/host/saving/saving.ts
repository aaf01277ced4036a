import * as vscode from 'vscode';
import { isActedOn } from '../../core/actedOn.ts';
import type { FileRef } from '../../core/citations.ts';
import { type RelativePlace, safeFileName, safeRelativePlace } from '../../core/fileNames.ts';
import { baseName } from '../../core/files.ts';
import { notYetSaved, type SaveMemory, withFilesSaved } from '../../core/saveMemory.ts';
import { planNames, planPlaces } from '../../core/savePlan.ts';
import { SaveError } from '../../gateway/files/saveError.ts';
import { refUri } from '../containers/fileUri.ts';
import type { ListedFile } from '../containers/listing.ts';
import { refOf } from '../containers/treeNodes.ts';
import { describeForLog, type Log } from '../log.ts';
import { type FileSource, isPicture, type PlacedFile, type Saveable, type SaveBatch } from './batch.ts';
import { placeIsWrong, tellOutcome } from './outcome.ts';
import { askAboutActedOn, askAboutClashes, type Clash } from './questions.ts';
import type { Replacements } from './replacements.ts';
import { listFolder } from './saveTo.ts';
import type { StoredJson } from './storedJson.ts';

/** Where files are saved, and how often the person is asked. */
interface SaveOptions {
  /** Asks for the folder though one is remembered. */
  readonly ask?: boolean;
}

/** A container, or a folder of it. */
export interface FolderToSave {
  /** What it is called. */
  readonly title: string;
  readonly files: readonly ListedFile[];
  /** The folder of the container, with `/` at its end; empty for the container itself. */
  readonly below: string;
}

/** What is to be saved where. */
interface Plan {
  readonly placed: readonly PlacedFile[];
  readonly folder: vscode.Uri;
  /** The next files go there too. */
  readonly remembered: boolean;
  /** What is said to be the place, where that is not the folder itself. */
  readonly shown?: vscode.Uri;
}

/** Saves files of containers where the person says: the first time they are asked, then it is known. */
export class Saving {
  readonly #log: Log;
  readonly #memory: StoredJson<SaveMemory>;
  readonly #batch: SaveBatch;
  readonly #replacements: Replacements;

  constructor(log: Log, memory: StoredJson<SaveMemory>, batch: SaveBatch, replacements: Replacements) {
    this.#log = log;
    this.#memory = memory;
    this.#batch = batch;
    this.#replacements = replacements;
  }

  /** Saves files side by side into the remembered folder; asks what to do about names that are taken. */
  async save(files: readonly Saveable[], from: FileSource, { ask = false }: SaveOptions = {}): Promise<void> {
    const [first] = files;
    if (first === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There are no files to save.'));
      return;
    }
    const remembered = ask ? undefined : await this.#rememberedFolder();
    if (remembered === undefined && files.length === 1) return this.saveAs(first, from);
    const folder =
      remembered ?? (await this.#askForFolder(vscode.l10n.t('Save {0} Files', String(files.length))));
    if (folder === undefined) return;
    const placed = await this.#place(files, folder, from);
    if (placed) await this.#run({ placed, folder, remembered: true }, from);
  }

  /** Saves files side by side into a folder that is meant for these alone: the next ones go where they did before. */
  async saveInto(folder: vscode.Uri, files: readonly Saveable[], from: FileSource): Promise<void> {
    const placed = await this.#place(files, folder, from);
    if (placed) await this.#run({ placed, folder, remembered: false }, from);
  }

  /** Asks for a place and saves one file there. The dialog itself asks before something is replaced. */
  async saveAs(file: Saveable, from: FileSource): Promise<void> {
    const name = safeFileName(file.filename);
    const start = await this.#startFolder();
    const target = await vscode.window.showSaveDialog({
      ...(start ? { defaultUri: vscode.Uri.joinPath(start, name) } : {}),
      title: vscode.l10n.t('Save {0}', name),
    });
    if (target === undefined) return;
    const folder = vscode.Uri.joinPath(target, '..');
    const placed = [{ file, folders: [], name: baseName(target.path), replace: true }];
    await this.#run({ placed, folder, remembered: true }, from);
  }

  /** Those of the files that were not saved yet. @throws Node's error */
  async notSaved(files: readonly FileRef[]): Promise<readonly FileRef[]> {
    return notYetSaved(await this.#memory.read(), files);
  }

  /** Saves those that were not saved yet. */
  async saveNew(files: readonly FileRef[], from: FileSource): Promise<void> {
    const fresh = await this.notSaved(files);
    if (fresh.length > 0) return this.save(fresh, from);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is nothing new: all files that were made have been saved.'),
    );
  }

  /**
   * Saves files of a container as a folder of its own, with its sub-folders.
   *
   * @param into the folder that it goes into; asked for by default
   */
  async saveFolder(
    { title, files, below }: FolderToSave,
    from: FileSource,
    into?: vscode.Uri,
  ): Promise<void> {
    if (files.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('The container has no files.'));
      return;
    }
    const question =
      below === ''
        ? vscode.l10n.t('Save the Container as a Folder In…')
        : vscode.l10n.t('Save the Folder {0} In…', title);
    const parent = into ?? (await this.#askForFolder(question));
    if (parent === undefined) return;
    const wanted = { name: safeFileName(title.slice(0, 60).replaceAll(/[/\\]/g, '_')) };
    const [plan] = planNames([wanted], await listFolder(parent));
    const free = plan?.free ?? wanted.name;
    const places = planPlaces(files.map(({ path }) => safeRelativePlace(path.slice(below.length))));
    const placed = files.map(({ file }, place) => {
      const { folders, name } = places[place] as RelativePlace;
      return { file: refOf(file), folders: [free, ...folders], name, replace: false };
    });
    const shown = vscode.Uri.joinPath(parent, free);
    await this.#run({ placed, folder: parent, remembered: false, shown }, from);
  }

  /** Asks where files go from now on. */
  async chooseFolder(): Promise<void> {
    const folder = await this.#askForFolder(vscode.l10n.t('Folder for Saved Files'));
    if (folder) await this.#memory.update((memory) => ({ ...memory, folder: folder.toString() }));
  }

  /** Puts back what a save replaced. @param id of which; the latest by default */
  undoReplace(id: string | undefined): Promise<void> {
    return this.#replacements.undo(id);
  }

  async #run({ placed, folder, remembered, shown = folder }: Plan, from: FileSource): Promise<void> {
    const chosen = await leaveOutActedOn(placed, folder);
    if (chosen.length === 0) return;
    const outcome = await this.#batch.run(chosen, folder, from);
    if (outcome.saved.length > 0) {
      const files = outcome.saved.flatMap(({ file }) => (isPicture(file) ? [] : [file]));
      const place = remembered ? { folder: folder.toString() } : {};
      const updated = this.#memory.update((memory) => ({ ...withFilesSaved(memory, files), ...place }));
      // The files are there, whether or not that is remembered.
      await updated.catch((error: unknown) => this.#log.warn(describeForLog(error)));
    }
    const [failure] = outcome.failures;
    // A gateway's refusal has next steps of its own.
    if (failure && chosen.length === 1 && !(failure.error instanceof SaveError)) throw failure.error;
    const failed = outcome.failures.map(({ file }) => file);
    const elsewhere = () => this.save(failed, from, { ask: true });
    await tellOutcome({ ...outcome, folder: shown }, this.#log, elsewhere);
  }

  /** What becomes of each file; undefined where the person gave up. */
  async #place(
    files: readonly Saveable[],
    folder: vscode.Uri,
    from: FileSource,
  ): Promise<readonly PlacedFile[] | undefined> {
    const named = files.map((file) => ({ file, name: safeFileName(file.filename) }));
    const plan = planNames(named, await listFolder(folder));
    const clashes: (Clash & { readonly file: Saveable })[] = [];
    for (const { file, free, taken } of plan) {
      if (taken === undefined) continue;
      const existing = vscode.Uri.joinPath(folder, taken);
      const { size } = await vscode.workspace.fs.stat(existing);
      const incoming = isPicture(file.file) ? file.file.uri : refUri((await from()).token, file.file);
      clashes.push({ file: file.file, incoming, existing, free, undoable: this.#replacements.takes(size) });
    }
    const decisions = await askAboutClashes(clashes);
    if (decisions === undefined) return undefined;
    const decided = new Map(clashes.map(({ file }, place) => [file, decisions[place]]));
    return plan.flatMap(({ file: { file }, free, taken }) => {
      const decision = decided.get(file);
      if (decision === 'skip') return [];
      const replace = decision === 'replace' && taken !== undefined;
      return [{ file, folders: [], name: replace ? taken : free, replace }];
    });
  }

  /** The remembered folder, while it is there. */
  async #rememberedFolder(): Promise<vscode.Uri | undefined> {
    const { folder } = await this.#memory.read();
    if (folder === undefined) return undefined;
    const uri = vscode.Uri.parse(folder);
    try {
      await listFolder(uri);
      return uri;
    } catch (error) {
      // Wherever it went, another one is asked for.
      if (error instanceof SaveError && placeIsWrong(error)) return undefined;
      throw error;
    }
  }

  async #startFolder(): Promise<vscode.Uri | undefined> {
    return (await this.#rememberedFolder()) ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  }

  async #askForFolder(title: string): Promise<vscode.Uri | undefined> {
    const start = await this.#startFolder();
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        canSelectMany: false,
        openLabel: vscode.l10n.t('Save Here'),
        title,
        ...(start ? { defaultUri: start } : {}),
      })) ?? [];
    return folder;
  }
}

/** Without those that an editor or a shell acts on, unless the person wants them. */
async function leaveOutActedOn(
  placed: readonly PlacedFile[],
  folder: vscode.Uri,
): Promise<readonly PlacedFile[]> {
  const pathOf = ({ folders, name }: PlacedFile) => [folder.path, ...folders, name].join('/');
  const actedOn = placed.filter((file) => isActedOn(pathOf(file)));
  const wanted = await askAboutActedOn(actedOn.map(({ folders, name }) => [...folders, name].join('/')));
  return wanted ? placed : placed.filter((file) => !actedOn.includes(file));
}
