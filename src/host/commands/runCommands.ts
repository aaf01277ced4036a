import * as vscode from 'vscode';
import { fenced, runExactly } from '../../core/codeBlock.ts';
import { baseName } from '../../core/files.ts';
import type { ContainerNode } from '../containers/treeNodes.ts';
import { COMMANDS } from '../ids.ts';
import type { Services } from '../services.ts';
import { askPrompt } from './askPrompt.ts';
import type { CommandMap } from './register.ts';

export function runCommands(services: Services) {
  const { sessions } = services;
  return {
    [COMMANDS.ask]: async (example) => {
      const given = typeof example === 'string' ? example : '';
      const prompt = await askPrompt(vscode.l10n.t('Ask the Code Interpreter'), given);
      if (prompt !== undefined) void sessions.open().ask(prompt);
    },
    [COMMANDS.runSelection]: () => runSelection(services),
    [COMMANDS.newSession]: () => void sessions.open(),
    [COMMANDS.continueSession]: async () => {
      const session = sessions.current;
      if (session === undefined) {
        sessions.open();
        return;
      }
      sessions.reveal(session);
      if (session.running) return;
      const prompt = await askPrompt(vscode.l10n.t('Continue in the Same Container'));
      if (prompt === undefined) return;
      if (session.running) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('A run is under way in this session. Stop it or wait for its end, then ask again.'),
        );
        return;
      }
      void session.ask(prompt);
    },
    [COMMANDS.continueInContainer]: (node) => continueInContainer(services, node),
    [COMMANDS.stop]: () => {
      // Where no panel is open, the one that was begun last is meant.
      const session = sessions.current ?? sessions.running.at(-1);
      session?.stop();
    },
  } satisfies CommandMap;
}

async function runSelection({ sessions, gateways }: Services): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.selections.map((selection) => editor.document.getText(selection)).join('\n') ?? '';
  if (editor === undefined || text.trim() === '') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Nothing is selected. Select some Python or text in an editor, then run the command again.',
      ),
    );
    return;
  }
  const language = editor.document.languageId;
  const origin = editor.document.uri.toString();
  if (language === 'python') {
    const input = runExactly(dedent(text), gateways.label().local);
    const prompt = vscode.l10n.t('Run {0}', placeOf(editor));
    void sessions.open(true).ask(prompt, { input, forceCode: true, origin });
    return;
  }
  const question = await askPrompt(vscode.l10n.t('What Shall Be Done with the Selection?'));
  if (question === undefined) return;
  const input = `${question}\n\n${fenced(text, language === 'plaintext' ? '' : language)}`;
  void sessions.open(true).ask(`${question} (${placeOf(editor)})`, { input, origin });
}

/** Such as `analysis.py, lines 3-14`. */
function placeOf({ document, selections }: vscode.TextEditor): string {
  const lines = selections.flatMap(({ start, end }) => [
    start.line + 1,
    end.line + (end.character === 0 ? 0 : 1),
  ]);
  const first = Math.min(...lines);
  const last = Math.max(first, ...lines);
  const name = baseName(document.uri.path);
  return first === last
    ? vscode.l10n.t('{0}, line {1}', name, String(first))
    : vscode.l10n.t('{0}, lines {1}-{2}', name, String(first), String(last));
}

/** Takes away the indentation that all lines share, for a selection from inside a function. */
function dedent(text: string): string {
  const lines = text.split(/\r?\n/);
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  let shared = indents[0] ?? '';
  for (const indent of indents) while (!indent.startsWith(shared)) shared = shared.slice(0, -1);
  return lines
    .map((line) => (line.startsWith(shared) ? line.slice(shared.length) : line.trimStart()))
    .join('\n');
}

async function continueInContainer({ sessions, gateways }: Services, node: unknown): Promise<void> {
  const container = isContainerNode(node) ? node.container : undefined;
  if (container === undefined) return;
  const gateway = await gateways.current();
  const files = await gateway.client.listFiles(container.id);
  const session = sessions.open();
  session.adopt(gateway, container.id, files);
  sessions.reveal(session);
}

function isContainerNode(node: unknown): node is ContainerNode {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'container';
}
