import * as vscode from 'vscode';
import { GatewayError } from '../../core/errors.ts';
import { LOCAL_TOKEN } from '../gateways/gateways.ts';

/** What the editor shows for an error of a gateway, in our words. */
export async function fileError(error: unknown): Promise<Error> {
  if (!(error instanceof GatewayError)) return error instanceof Error ? error : new Error(String(error));
  const { explain } = await import('../errorReport.ts');
  const { sentence } = explain(error);
  return isGone(error)
    ? vscode.FileSystemError.FileNotFound(sentence)
    : vscode.FileSystemError.Unavailable(sentence);
}

/** Whether an error says that the file or its container is not there any more. */
export function isGone(error: unknown): boolean {
  return error instanceof GatewayError && (error.kind === 'not_found' || error.kind === 'container_expired');
}

export function notConnected(gateway: string): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(
    gateway === LOCAL_TOKEN
      ? vscode.l10n.t(
          'This file was in a container of the local Python, which has been ended since; its files went with it.',
        )
      : vscode.l10n.t(
          'This file is at a gateway that is not connected. Set up that gateway again to open it.',
        ),
  );
}
