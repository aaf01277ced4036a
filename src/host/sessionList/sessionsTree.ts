import * as vscode from 'vscode';
import { COMMANDS, VIEWS } from '../ids.ts';
import { describeForLog, type Log } from '../log.ts';
import type { Sessions } from '../session/sessions.ts';
import { countsOf, describeSession, type SessionNode, sessionIcon } from './sessionNodes.ts';

/** The sessions of before, what happened last first; read from disk when the view is looked at. */
export class SessionsTree implements vscode.TreeDataProvider<SessionNode>, vscode.Disposable {
  readonly #view: vscode.TreeView<SessionNode>;
  readonly #folder: string;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[] = [];
  /** Undefined as long as nothing was begun. */
  #sessions: Sessions | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  /** @param folder where sessions are stored */
  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
    this.#view = vscode.window.createTreeView(VIEWS.sessions, { treeDataProvider: this });
    const lookAgain = (seen: boolean) => {
      if (seen && this.#view.visible) this.#changed.fire();
    };
    this.#subscriptions.push(
      // Other windows may have sessions of their own, and what was a minute ago is an hour ago by now.
      this.#view.onDidChangeVisibility(({ visible }) => lookAgain(visible)),
      vscode.window.onDidChangeWindowState(({ focused }) => lookAgain(focused)),
    );
  }

  /** Tells of these from now on. */
  follow(sessions: Sessions): void {
    this.#sessions = sessions;
    this.#subscriptions.push(
      sessions.onDidChangeRunning(() => this.#changed.fire()),
      sessions.library.onDidChange(() => this.#changed.fire()),
    );
    this.#changed.fire();
  }

  async getChildren(node?: SessionNode): Promise<SessionNode[]> {
    if (node !== undefined) return [];
    try {
      const { listHeads } = await import('../store/heads.ts');
      const heads = await listHeads(this.#folder);
      this.#view.message = '';
      return heads.map((head) => {
        const running = this.#sessions?.find(head.id)?.running ?? (head.elsewhere && head.running);
        return { kind: 'session', head, running };
      });
    } catch (error) {
      this.#log.error(describeForLog(error));
      const { explain } = await import('../errorReport.ts');
      this.#view.message = explain(error).sentence;
      return [];
    }
  }

  getTreeItem(node: SessionNode): vscode.TreeItem {
    const { head } = node;
    const item = new vscode.TreeItem(head.title);
    item.id = head.id;
    item.contextValue = head.elsewhere ? 'session.elsewhere' : 'session';
    item.iconPath = new vscode.ThemeIcon(sessionIcon(node));
    item.description = describeSession(node);
    item.tooltip = [
      head.title,
      countsOf(node),
      [head.gateway.name, head.gateway.model].filter(Boolean).join(' · '),
    ].join('\n');
    item.accessibilityInformation = { label: `${head.title}, ${item.description}, ${countsOf(node)}` };
    item.command = { command: COMMANDS.openSession, title: vscode.l10n.t('Open Session'), arguments: [node] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}
