import * as vscode from 'vscode';

/**
 * Asks for what is to be done; undefined where the person thinks better of it or types nothing.
 *
 * @param value what stands in the box at first
 */
export async function askPrompt(title: string, value = ''): Promise<string | undefined> {
  const prompt = await vscode.window.showInputBox({
    title,
    value,
    placeHolder: vscode.l10n.t('Such as: Generate a bar chart of sales by quarter and save as PNG'),
    ignoreFocusOut: true,
  });
  return prompt?.trim() || undefined;
}
