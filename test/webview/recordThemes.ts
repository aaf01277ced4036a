/**
 * Writes down what a real VS Code gives its web views, for the page of `harness.ts`: the variables that the panel uses,
 * in each of VS Code's four default themes, and the style sheet that comes before the panel's own.
 *
 *     node test/webview/recordThemes.ts
 */
import { writeFile } from 'node:fs/promises';
import { waitFor } from '../support/processes.ts';
import { startVsCode } from '../support/vscode.ts';
import { themes } from '../support/workbench.ts';
import { RECORDED, type Recorded, usedVariables, variablesIn } from './themes.ts';

const vscode = await startVsCode();
try {
  const { workbench } = vscode;
  await workbench.runCommand('Code Interpreter: New Session');
  const page = workbench.panelFrame();
  await page.locator('.composer-input').waitFor();
  const variables: Record<string, (string | null)[]> = {};
  let styles = '';
  for (const [place, name] of (['dark', 'light', 'highContrast', 'highContrastLight'] as const).entries()) {
    await workbench.setTheme(name);
    const kind = {
      vs: 'light',
      'vs-dark': 'dark',
      'hc-black': 'high-contrast',
      'hc-light': 'high-contrast-light',
    };
    await page.locator(`body.vscode-${kind[themes[name].kind]}`).waitFor();
    const found = await waitFor(
      () =>
        page.locator('html').evaluate((html) => ({
          styles: document.getElementById('_defaultStyles')?.textContent ?? '',
          set: [...html.style].map((name) => [name, html.style.getPropertyValue(name).trim()] as const),
        })),
      { what: 'the variables of the theme' },
    );
    styles = found.styles;
    const set = new Map(found.set);
    const ansi = found.set.flatMap(([name]) =>
      name.startsWith('--vscode-terminal-ansi') ? [name.slice(9)] : [],
    );
    for (const used of [...usedVariables(), ...variablesIn(styles), ...ansi].sort()) {
      variables[used] ??= [null, null, null, null];
      variables[used][place] = set.get(`--vscode-${used}`) ?? null;
    }
  }
  const lines = Object.entries(variables).map(
    ([name, values]) => `    ${JSON.stringify(name)}: ${JSON.stringify(values)}`,
  );
  const text = `{\n  "variables": {\n${lines.join(',\n')}\n  },\n  "styles": ${JSON.stringify(styles satisfies Recorded['styles'])}\n}\n`;
  await writeFile(RECORDED, text);
} finally {
  await vscode.close();
}
