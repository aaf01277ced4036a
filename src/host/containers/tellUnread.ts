import * as vscode from 'vscode';
import { isCancellation } from '../cancellation.ts';
import { explain, report } from '../errorReport.ts';
import { COMMANDS } from '../ids.ts';
import type { Log } from '../log.ts';

/** What is on screen. */
const told = new Set<string>();

/**
 * Says why a file cannot be read, once for all that cannot be for the same reason. An editor says of a file system's
 * errors no more than that there is one (VS Code 1.139, `ErrorPlaceholderEditor`).
 *
 * @param error a GatewayError, or that of a gateway which is not connected
 * @param local whether the file was at the local gateway, which cannot be set up again
 */
export async function tellUnread(error: unknown, local: boolean, log: Log): Promise<void> {
  if (isCancellation(error)) return;
  const { sentence } = explain(error);
  if (told.has(sentence)) return;
  told.add(sentence);
  try {
    if (!(error instanceof vscode.FileSystemError)) return await report(error, log);
    const setUp = vscode.l10n.t('Set Up Gateway');
    const chosen = await vscode.window.showWarningMessage(sentence, ...(local ? [] : [setUp]));
    if (chosen === setUp) await vscode.commands.executeCommand(COMMANDS.setUpGateway);
  } finally {
    told.delete(sentence);
  }
}
