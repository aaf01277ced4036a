import * as vscode from 'vscode';
import { runExactly } from '../../core/codeBlock.ts';
import type { CodeVerb } from '../../protocol.ts';
import type { LastEditor } from '../lastEditor.ts';
import type { Session } from '../session/session.ts';

/** Where a step is in its session. */
interface StepPlace {
  readonly runId: string;
  readonly outputIndex: number;
}

/** The code of a step; undefined for one that is not there. */
export function stepCode(session: Session, { runId, outputIndex }: StepPlace): string | undefined {
  const items = session.state.runs.find(({ id }) => id === runId)?.state.items ?? [];
  const step = items.find((item) => item.kind === 'code' && item.outputIndex === outputIndex);
  return step?.kind === 'code' ? step.code : undefined;
}

/**
 * Takes a step's code to the clipboard, the editor, or a file of its own.
 *
 * @param column where a new file opens
 */
export async function handleCode(
  verb: CodeVerb,
  code: string | undefined,
  lastEditor: LastEditor,
  column: vscode.ViewColumn,
): Promise<void> {
  if (code === undefined) return;
  switch (verb) {
    case 'copy':
      return vscode.env.clipboard.writeText(code);
    case 'open':
      return openAsFile(code, column);
    case 'insert': {
      if (await lastEditor.insert(code)) return;
      const open = vscode.l10n.t('Open as New File');
      const chosen = await vscode.window.showInformationMessage(
        vscode.l10n.t('No editor is open that the code could be put into.'),
        open,
      );
      if (chosen === open) await openAsFile(code, column);
    }
  }
}

async function openAsFile(code: string, column: vscode.ViewColumn): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'python', content: code });
  await vscode.window.showTextDocument(document, column);
}

/** Runs a step's code once more in the session's container, as the person has changed it. */
export async function runEdited(session: Session, place: StepPlace, code: string): Promise<void> {
  const { runs, gateway } = session.state;
  const number = runs.findIndex(({ id }) => id === place.runId) + 1;
  const steps = runs[number - 1]?.state.items.filter((item) => item.kind === 'code') ?? [];
  const step = steps.findIndex(({ outputIndex }) => outputIndex === place.outputIndex) + 1;
  if (step === 0) return;
  const places = [String(step), String(number)];
  const prompt =
    steps[step - 1]?.code === code
      ? vscode.l10n.t('Run step {0} of request {1} again', ...places)
      : vscode.l10n.t('Run step {0} of request {1} again, edited', ...places);
  await session.ask(prompt, { input: runExactly(code, gateway.local), forceCode: true });
}
