import * as vscode from 'vscode';

interface Place {
  readonly document: vscode.TextDocument;
  readonly viewColumn: vscode.ViewColumn | undefined;
  readonly selection: vscode.Selection;
}

/** The text editor that had the cursor last: where code goes while a panel has the focus. */
export class LastEditor implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;
  #place: Place | undefined;

  constructor() {
    this.#note(vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0]);
    this.#subscription = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#note(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) this.#note(textEditor);
      }),
    );
  }

  /**
   * Puts text where the cursor is, in place of what is selected there, and goes there.
   *
   * @returns false where no editor is left that could take it
   */
  async insert(text: string): Promise<boolean> {
    const place = this.#place;
    if (place === undefined || !isOpen(place.document)) return false;
    const { document, viewColumn, selection } = place;
    const options = viewColumn === undefined ? {} : { viewColumn };
    const editor = await vscode.window.showTextDocument(document, { ...options, selection });
    const taken = await editor.edit((edit) => edit.replace(editor.selection, text));
    if (taken) editor.revealRange(editor.selection);
    return taken;
  }

  /** Where another editor is opened: in the last one's column, but never on top of the panel, which is in `panel`. */
  columnBeside(panel: vscode.ViewColumn | undefined): vscode.ViewColumn {
    const columns = vscode.window.tabGroups.all.map(({ viewColumn }) => viewColumn);
    const wanted = [this.#place?.viewColumn, ...columns];
    return wanted.find((column) => column !== undefined && column !== panel) ?? vscode.ViewColumn.Beside;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #note(editor: vscode.TextEditor | undefined): void {
    // Views of output and debug are text editors too, and nobody means them.
    if (editor === undefined || editor.viewColumn === undefined) return;
    const { document, viewColumn, selection } = editor;
    this.#place = { document, viewColumn, selection };
  }
}

function isOpen(document: vscode.TextDocument): boolean {
  if (document.isClosed) return false;
  if (vscode.window.visibleTextEditors.some((editor) => editor.document === document)) return true;
  // A document outlives its tab for a while.
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  const uri = document.uri.toString();
  return tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri);
}
