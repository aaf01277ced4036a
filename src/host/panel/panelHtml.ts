/** What the page of the panel is made of. Nothing in it comes from a gateway. */
export interface PanelPage {
  /** The webview's own `cspSource`. */
  readonly cspSource: string;
  /** Fresh for each page; letters and digits. */
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUris: readonly string[];
  /** Texts in the user's language, by the English text; empty for English. */
  readonly l10n: Readonly<Record<string, string>>;
  /** BCP 47 tag of that language. */
  readonly lang: string;
  readonly title: string;
}

/**
 * The panel's HTML: a shell that allows one script, our style sheets, and pictures made from bytes we send. No
 * connection, frame, form or inline style is allowed, and no text can become markup (Trusted Types).
 */
export function panelHtml(page: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource}`,
    `font-src ${page.cspSource}`,
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    // Nothing may make markup, scripts or their addresses of text: not even this page's own script.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const styles = page.styleUris.map((uri) => `<link rel="stylesheet" href="${escapeHtml(uri)}">`);
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
${styles.join('\n')}
<script type="application/json" id="l10n">${escapeJson(page.l10n)}</script>
</head>
<body>
<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** JSON that cannot end the script element it stands in. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
