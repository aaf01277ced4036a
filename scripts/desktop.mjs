import { existsSync } from 'node:fs';
import path from 'node:path';
import { Fault, run, say, step } from './step.mjs';

/**
 * Installs the extension into a profile of its own of the VS Code that is on this computer, and opens the folder.
 * @param {{ home: string, vsix: { file: string }, workspace: string, launch: boolean }} options
 */
export async function openDesktop({ home, vsix, workspace, launch }) {
  const command = await findCode();
  const profile = [
    '--user-data-dir',
    path.join(home, 'desktop-user'),
    '--extensions-dir',
    path.join(home, 'desktop-extensions'),
  ];
  // VS Code refuses to run as root without being told that this is meant.
  if (process.getuid?.() === 0) profile.push('--no-sandbox');
  const options = { shell: process.platform === 'win32', log: 'code' };
  const quote = (/** @type {string} */ text) => (options.shell ? `"${text}"` : text);
  await step('Installing the extension into the desktop VS Code', () =>
    run(quote(command), [...profile, '--install-extension', vsix.file, '--force'].map(quote), {
      ...options,
      failure: 'The desktop VS Code could not install the extension',
    }),
  );
  if (!launch) {
    say(`Not opened, as asked; to open it: ${command} ${[...profile, workspace].join(' ')}`);
    return 0;
  }
  await run(quote(command), [...profile, '--new-window', workspace].map(quote), {
    ...options,
    failure: 'The desktop VS Code could not be opened',
  });
  say(`VS Code is open with the folder ${workspace}; closing its window ends it.`);
  return 0;
}

async function findCode() {
  const inside = 'Contents/Resources/app/bin/code';
  const candidates = {
    darwin: ['code', `/Applications/Visual Studio Code.app/${inside}`],
    win32: [
      'code',
      path.join(process.env.LOCALAPPDATA ?? '', 'Programs', 'Microsoft VS Code', 'bin', 'code.cmd'),
      path.join(process.env.PROGRAMFILES ?? '', 'Microsoft VS Code', 'bin', 'code.cmd'),
    ],
  }[process.platform] ?? ['code', 'codium', 'code-insiders'];
  for (const candidate of candidates) {
    if (path.isAbsolute(candidate) && !existsSync(candidate)) continue;
    const shell = process.platform === 'win32';
    const works = await run(shell ? `"${candidate}"` : candidate, ['--version'], { shell, log: 'code' }).then(
      () => true,
      (error) => {
        if (error instanceof Fault) return false;
        throw error;
      },
    );
    if (works) return candidate;
  }
  throw new Fault(
    'No desktop VS Code was found (the command "code"): install it, or leave --desktop out to use the one for the browser',
  );
}
