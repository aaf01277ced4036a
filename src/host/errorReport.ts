import * as vscode from 'vscode';
import { GatewayError } from '../core/errors.ts';
import { describeError, type ErrorAction } from '../core/errorText.ts';
import { SaveError } from '../gateway/files/saveError.ts';
import { isCancellation } from './cancellation.ts';
import { COMMANDS, SETTINGS } from './ids.ts';
import { describeForLog, type Log } from './log.ts';

export function translate(text: string, ...args: readonly string[]): string {
  return vscode.l10n.t(text, ...args);
}

/** One sentence for an error of any kind, and the step that helps. */
export function explain(error: unknown): {
  readonly sentence: string;
  readonly action: ErrorAction | undefined;
} {
  if (error instanceof GatewayError) return describeError(error.toRunError(), translate);
  if (error instanceof SaveError) return { sentence: explainSave(error), action: undefined };
  if (error instanceof vscode.FileSystemError) return { sentence: error.message, action: undefined };
  return {
    sentence: vscode.l10n.t('Something went wrong in the extension itself. The log has the details.'),
    action: 'showLog',
  };
}

function explainSave(error: SaveError): string {
  switch (error.reason) {
    case 'exists':
      return vscode.l10n.t('There is already something of this name, and it was left as it is.');
    case 'outside':
      return vscode.l10n.t(
        'Not saved: the name leads outside the chosen folder. Choose another folder or name.',
      );
    case 'not_writable':
      return vscode.l10n.t('Not saved: this folder cannot be written to. Choose another folder.');
    case 'locked':
      return vscode.l10n.t(
        'Not replaced: another program holds the file, or it may not be changed. Close it there, or keep both.',
      );
    case 'no_folder':
      return vscode.l10n.t('Not saved: the folder does not exist any more. Choose another folder.');
    case 'disk_full':
      return vscode.l10n.t('Not saved: the disk is full. Free some space, then save again.');
    case 'too_large':
      return vscode.l10n.t(
        'Not saved: this folder does not take a file of this size. Choose a folder on a disk.',
      );
    case 'other':
      return vscode.l10n.t('Not saved: the file could not be written. The log has the details.');
  }
}

/** What decides how a gateway is reached, of the editor's own. */
const PROXY_SETTINGS = [
  'http.proxy',
  'http.noProxy',
  'http.proxySupport',
  'http.proxyAuthorization',
  'http.proxyStrictSSL',
];

/** What decides whether a gateway is trusted, and trusts. */
const CERTIFICATE_SETTINGS = [SETTINGS.caFile, SETTINGS.clientCertificate].map(
  (name) => `${SETTINGS.section}.${name}`,
);

/** The user's own page of settings; takes what to show of it. */
const USER_SETTINGS = 'workbench.action.openGlobalSettings';

/** Settings of the machine have a page of their own in remote windows, and are found on no other. */
function machineSettings(query: string): readonly [string, ...unknown[]] {
  const remote = vscode.env.remoteName !== undefined;
  return [remote ? 'workbench.action.openRemoteSettings' : USER_SETTINGS, { query }];
}

/** The command behind each action; `retry` is only for who knows what to do again. */
const COMMAND_OF: Readonly<Record<Exclude<ErrorAction, 'retry'>, () => readonly [string, ...unknown[]]>> = {
  setUpGateway: () => [COMMANDS.setUpGateway],
  chooseModel: () => [COMMANDS.chooseModel],
  newSession: () => [COMMANDS.newSession],
  refresh: () => [COMMANDS.refresh],
  openProxySettings: () => [USER_SETTINGS, { query: `@id:${PROXY_SETTINGS.join(',')}` }],
  openCertificateSettings: () => machineSettings(`@id:${CERTIFICATE_SETTINGS.join(',')}`),
  openLocalSettings: () => machineSettings(`${SETTINGS.section}.localGateway`),
  showLog: () => [COMMANDS.showLog],
};

export async function runErrorAction(action: Exclude<ErrorAction, 'retry'>): Promise<void> {
  const [command, ...args] = COMMAND_OF[action]();
  await vscode.commands.executeCommand(command, ...args);
}

/** Logs an error and tells the user, once, with a button where one helps. Says nothing of cancellations. */
export async function report(error: unknown, log: Log, retry?: () => unknown): Promise<void> {
  if (isCancellation(error)) return;
  log.error(describeForLog(error));
  const { sentence, action } = explain(error);
  const offered = action === 'retry' && !retry ? undefined : action;
  const label = offered && actionLabel(offered);
  const chosen = await vscode.window.showErrorMessage(sentence, ...(label ? [label] : []));
  if (chosen === undefined || offered === undefined) return;
  if (offered === 'retry') await retry?.();
  else await runErrorAction(offered);
}

function actionLabel(action: ErrorAction): string {
  switch (action) {
    case 'setUpGateway':
      return vscode.l10n.t('Set Up Gateway');
    case 'chooseModel':
      return vscode.l10n.t('Choose Model');
    case 'newSession':
      return vscode.l10n.t('New Session');
    case 'retry':
      return vscode.l10n.t('Try Again');
    case 'refresh':
      return vscode.l10n.t('Refresh');
    case 'openProxySettings':
    case 'openCertificateSettings':
    case 'openLocalSettings':
      return vscode.l10n.t('Open Settings');
    case 'showLog':
      return vscode.l10n.t('Show Log');
  }
}
