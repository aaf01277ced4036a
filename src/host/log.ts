import * as vscode from 'vscode';
import { GatewayError } from '../core/errors.ts';

/** The extension's log, seen with the command "Show Log". Secrets never go here: keys are no part of any error. */
export type Log = vscode.LogOutputChannel;

export function createLog(): Log {
  return vscode.window.createOutputChannel('Code Interpreter', { log: true });
}

/** Everything known of an error, its causes too, for the log only. */
export function describeForLog(error: unknown): string {
  const lines: string[] = [];
  for (
    let at: unknown = error;
    at !== undefined && lines.length < 6;
    at = at instanceof Error ? at.cause : undefined
  ) {
    const ids =
      at instanceof GatewayError
        ? ` [${at.kind}, status ${at.status ?? '-'}, request ${at.requestId ?? '-'}]`
        : '';
    lines.push(at instanceof Error ? `${at.stack ?? at.message}${ids}` : String(at));
  }
  return lines.join('\ncaused by: ');
}
