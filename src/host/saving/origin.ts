import * as vscode from 'vscode';
import { baseName } from '../../core/files.ts';
import { originDocument } from '../../core/originDocument.ts';
import type { SavedFile } from '../../core/savedFiles.ts';
import { refUri } from '../containers/fileUri.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { nameOf } from './outcome.ts';
import type { SavedFiles } from './savedFiles.ts';
import { originUri, sourceUri } from './savedSource.ts';

/** Shows a session at one of its runs. @returns false where the session is gone */
export type ShowRun = (sessionId: string, runId: string) => Promise<boolean>;

/** Shows what made a saved file: its session at the run, else the prompt and the code as they are remembered. */
export async function showOrigin(saved: SavedFiles, uri: vscode.Uri, showRun: ShowRun): Promise<void> {
  const file = saved.find(uri);
  const origin = file && saved.originOf(file);
  if (origin === undefined) {
    tellUnknown(uri, file);
    return;
  }
  if (await showRun(origin.sessionId, origin.runId)) return;
  await vscode.window.showTextDocument(originUri(origin.runId, baseName(uri.path)), { preview: true });
}

/** Shows a saved file beside what it was when it was saved. @throws GatewayError where that is gone */
export async function compareWithSource(
  saved: SavedFiles,
  uri: vscode.Uri,
  gateways: Gateways,
): Promise<void> {
  const file = saved.find(uri);
  if (file === undefined) {
    tellUnknown(uri, file);
    return;
  }
  const { source, kept } = file;
  let original: vscode.Uri;
  if (kept !== undefined && (await saved.sources.find(kept)) !== undefined) {
    original = sourceUri(kept, source?.filename ?? baseName(uri.path));
  } else if (source !== undefined) {
    // Asked here, for a comparison with nothing says nothing.
    const { client, token } = await gateways.current();
    await client.retrieveFile(source.containerId, source.fileId);
    original = refUri(token, source);
  } else {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('What {0} was when it was saved is not kept any more.', nameOf(uri)),
    );
    return;
  }
  const title = vscode.l10n.t('{0}: as it was saved ↔ now', baseName(uri.path));
  await vscode.commands.executeCommand('vscode.diff', original, uri, title);
}

/** The remembered prompt and code of a run that made a file; undefined where they are forgotten. */
export function originText(saved: SavedFiles, runId: string, filename: string): string | undefined {
  const origin = saved.run(runId);
  return (
    origin &&
    originDocument(origin, {
      head: vscode.l10n.t('How {0} was made, on {1}', filename, new Date(origin.at).toLocaleString()),
      prompt: vscode.l10n.t('Prompt'),
      step: (number) => vscode.l10n.t('Step {0}', String(number)),
      noCode: vscode.l10n.t('The run told of no code.'),
    })
  );
}

function tellUnknown(uri: vscode.Uri, file: SavedFile | undefined): void {
  const name = nameOf(uri);
  void vscode.window.showInformationMessage(
    file === undefined
      ? vscode.l10n.t('{0} was not saved from a container in this workspace, or that was too long ago.', name)
      : vscode.l10n.t(
          'It is not known which run made {0}: it was saved from a container of another session.',
          name,
        ),
  );
}
