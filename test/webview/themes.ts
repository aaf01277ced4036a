import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../support/tools.ts';

/** Written by recordThemes.ts. */
export interface Recorded {
  /** By name without `--vscode-`: in the order of {@link NAMES}, null where the theme leaves it out. */
  readonly variables: Readonly<Record<string, readonly (string | null)[]>>;
  /** The style sheet that VS Code puts into every web view. */
  readonly styles: string;
}

export const RECORDED = path.join(root, 'test', 'webview', 'themes.json');

const NAMES = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  highContrast: 'vscode-high-contrast',
  highContrastLight: 'vscode-high-contrast-light',
};

export type ThemeName = keyof typeof NAMES;

export interface Theme {
  /** What VS Code gives the body. */
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The fonts of whoever recorded are not those of this machine. */
const fonts: Readonly<Record<string, string>> = {
  'font-family': 'system-ui, "DejaVu Sans", sans-serif',
  'font-size': '13px',
  'editor-font-family': '"DejaVu Sans Mono", monospace',
  'editor-font-size': '13px',
};

const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as Recorded;

export const defaultStyles = recorded.styles;

export const themeNames = Object.keys(NAMES) as readonly ThemeName[];

/** VS Code's four default themes, as far as the panel uses their variables. */
export function theme(name: ThemeName): Theme {
  const place = themeNames.indexOf(name);
  const variables = Object.entries(recorded.variables).flatMap(([variable, values]) => {
    const value = values[place];
    return typeof value === 'string' ? [[variable, value] as const] : [];
  });
  const classes = name === 'highContrastLight' ? `${NAMES[name]} vscode-high-contrast` : NAMES[name];
  return { bodyClass: classes, variables: { ...Object.fromEntries(variables), ...fonts } };
}

/** Variables of VS Code, without `--vscode-`, that a style sheet names. */
export function variablesIn(styles: string): readonly string[] {
  return [...new Set([...styles.matchAll(/--vscode-([\w-]+)/g)].map((match) => match[1] ?? ''))];
}

/** Those that the panel's style sheets name. */
export function usedVariables(): readonly string[] {
  const folder = path.join(root, 'media');
  const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.css'),
  );
  return variablesIn(sheets.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n'));
}

/** Those of {@link usedVariables} that were not there when the themes were recorded. */
export function unrecorded(): readonly string[] {
  return usedVariables().filter((name) => !Object.hasOwn(recorded.variables, name));
}
