/**
 * macOS's own sandbox, by `sandbox-exec`: everything is denied but what Node needs to run (sandbox-exec(1), and Apple's
 * own profiles in /System/Library/Sandbox/Profiles, which show the language). Written without a Mac to try it on: it is
 * used only where a trial run shows that it works and that it shuts out.
 */
export function seatbeltCommand(sandboxExec: string, nodePath: string): readonly string[] {
  return [sandboxExec, '-p', profileFor(nodePath)];
}

/** Programs and libraries: of the system, of Homebrew's Node, and of the app whose Electron this is. */
function programPlaces(nodePath: string): readonly string[] {
  const app = /^.*?\.app(?=\/)/.exec(nodePath)?.[0];
  const places = [
    '/usr/lib',
    '/System',
    '/opt/homebrew/Cellar',
    '/opt/homebrew/opt',
    '/usr/local/Cellar',
    '/usr/local/opt',
  ];
  return [
    ...places.map((place) => `(subpath ${quote(place)})`),
    app ? `(subpath ${quote(app)})` : `(literal ${quote(nodePath)})`,
  ];
}

function profileFor(nodePath: string): string {
  const programs = programPlaces(nodePath).join(' ');
  return [
    '(version 1)',
    '(deny default)',
    `(allow process-exec (literal ${quote(nodePath)}))`,
    '(allow process-info* (target self))',
    '(allow signal (target self))',
    // What machine this is.
    '(allow sysctl-read)',
    // The loader looks at each folder on the way to a library.
    '(allow file-read-metadata)',
    `(allow file-read* (literal "/") (literal "/dev/null") (literal "/dev/random") (literal "/dev/urandom") ${programs})`,
    `(allow file-map-executable ${programs})`,
    // V8 and WebAssembly compile to machine code.
    "(if (defined? 'dynamic-code-generation) (allow dynamic-code-generation))",
  ].join('\n');
}

/** A string of the profile's language, which is Scheme's. */
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
