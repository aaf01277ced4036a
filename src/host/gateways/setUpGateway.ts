import * as vscode from 'vscode';
import { GatewayError } from '../../core/errors.ts';
import { apiBase } from '../../gateway/address.ts';
import type { GatewayClient } from '../../gateway/client.ts';
import { isLoopback } from '../../gateway/network/network.ts';
import { explain, runErrorAction } from '../errorReport.ts';
import { KEY_VARIABLE, PASSPHRASE_VARIABLE } from '../ids.ts';
import { describeForLog, type Log } from '../log.ts';
import { readSettings, writeGateway } from '../settings.ts';
import { type Gateways, hostOf } from './gateways.ts';
import type { Keys } from './secrets.ts';

/** ms for each question that the test asks the gateway. */
const TEST_TIMEOUT = 20_000;

/** Asks for address, key and model, tries them out, says what was found, and stores what works. */
export async function setUpGateway(gateways: Gateways, keys: Keys, log: Log): Promise<void> {
  const kind = await chooseKind();
  if (kind === 'local') {
    await writeGateway('', '');
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Local Python is in use: code runs on this machine, with no account.'),
    );
    return;
  }
  if (kind !== 'remote') return;
  let url = readSettings().url;
  for (;;) {
    const entered = await askAddress(url);
    if (entered === undefined) return;
    url = entered;
    // The environment's key is for the gateway in the settings, not for any address that is tried out.
    const stored = url === readSettings().url ? await keys.read(url) : await keys.stored(url);
    const key = await askKey(url, stored !== undefined);
    if (key === undefined) return;
    const attempt = () => tryOut(gateways, url, key === '' ? stored : key, log);
    let found = await attempt();
    while (found instanceof Failed && found.needsPassphrase && (await askPassphrase(keys)))
      found = await attempt();
    if (found === undefined) return;
    if (found instanceof Failed) {
      if (!(await askAgain(found.error))) return;
      continue;
    }
    const model = await pickModel(found.models, readSettings().model);
    if (model === undefined) return;
    if (key !== '' && !(await keys.write(url, key))) warnOfForgetting(KEY_VARIABLE);
    await writeGateway(url, model);
    void vscode.window.showInformationMessage(
      found.containers
        ? vscode.l10n.t(
            'Connected to {0}: {1} models, {2} chosen. Containers can be listed.',
            hostOf(url),
            String(found.models.length),
            model,
          )
        : vscode.l10n.t(
            'Connected to {0}: {1} models, {2} chosen. Its containers cannot be listed: {3}',
            hostOf(url),
            String(found.models.length),
            model,
            found.containersProblem,
          ),
    );
    return;
  }
}

/** Lets the person choose among the gateway's models. @throws GatewayError */
export async function chooseModel(client: GatewayClient, current: string): Promise<string | undefined> {
  const models = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Asking the gateway for its models') },
    () => client.models(AbortSignal.timeout(TEST_TIMEOUT)),
  );
  return pickModel(models, current);
}

async function chooseKind(): Promise<'local' | 'remote' | undefined> {
  const local = {
    label: `$(device-desktop) ${vscode.l10n.t('Local Python')}`,
    detail: vscode.l10n.t('Runs Python on this machine. No account, no network; no AI model either.'),
    kindOf: 'local' as const,
  };
  const remote = {
    label: `$(cloud) ${vscode.l10n.t('Gateway')}`,
    detail: vscode.l10n.t("LiteLLM, OpenAI, or anything that speaks OpenAI's Responses and Containers APIs."),
    kindOf: 'remote' as const,
  };
  const chosen = await vscode.window.showQuickPick([remote, local], {
    title: vscode.l10n.t('Set Up Gateway'),
    placeHolder: vscode.l10n.t('Where shall code be written and run?'),
  });
  return chosen?.kindOf;
}

function askAddress(value: string): Thenable<string | undefined> {
  return vscode.window
    .showInputBox({
      title: vscode.l10n.t('Set Up Gateway (1/3): Address'),
      prompt: vscode.l10n.t('The address of the gateway, with or without /v1 at its end.'),
      placeHolder: 'https://llm.example.com',
      value,
      ignoreFocusOut: true,
      validateInput: (text) => {
        try {
          const base = apiBase(text);
          const plain = base.protocol === 'http:' && !isLoopback(base.hostname.replace(/^\[|\]$/g, ''));
          if (!plain) return undefined;
          const message = vscode.l10n.t(
            'This address is not encrypted: others on the network can read the key and what you send.',
          );
          return { message, severity: vscode.InputBoxValidationSeverity.Warning };
        } catch (error) {
          return text.trim() === '' ? undefined : explain(error).sentence;
        }
      },
    })
    .then((text) => text?.trim() || undefined);
}

function askKey(url: string, stored: boolean): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Set Up Gateway (2/3): Key'),
    prompt: stored
      ? vscode.l10n.t('The key for {0}. Leave it empty to keep the stored one.', hostOf(url))
      : vscode.l10n.t('The key for {0}. Leave it empty if the gateway asks for none.', hostOf(url)),
    password: true,
    ignoreFocusOut: true,
  });
}

/** Asks for what opens the client certificate's key. @returns whether it was given */
async function askPassphrase(keys: Keys): Promise<boolean> {
  const passphrase = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set Up Gateway: Client Certificate'),
    prompt: vscode.l10n.t("The passphrase of the client certificate's key."),
    password: true,
    ignoreFocusOut: true,
  });
  if (!passphrase) return false;
  if (await keys.writePassphrase(passphrase)) return true;
  warnOfForgetting(PASSPHRASE_VARIABLE);
  return false;
}

function warnOfForgetting(variable: string): void {
  void vscode.window.showWarningMessage(
    vscode.l10n.t(
      'This editor does not keep secrets. Set the environment variable {0} instead, and start the editor again.',
      variable,
    ),
  );
}

interface Found {
  readonly models: readonly string[];
  readonly containers: boolean;
  readonly containersProblem: string;
}

/** Why a gateway could not be tried out. */
class Failed {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }

  get needsPassphrase(): boolean {
    return this.error instanceof GatewayError && this.error.kind === 'passphrase';
  }
}

/** What the gateway offers; undefined where the person cancelled. */
async function tryOut(
  gateways: Gateways,
  url: string,
  key: string | undefined,
  log: Log,
): Promise<Found | Failed | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Trying {0}', hostOf(url)),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const cancel = new AbortController();
    const subscription = token.onCancellationRequested(() => cancel.abort());
    const signal = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(TEST_TIMEOUT)]);
    try {
      const client = await gateways.connect({ baseUrl: url, key });
      const models = await client.models(signal());
      const containersProblem = await client.listContainers(signal(), models[0]).then(
        () => '',
        (error: unknown) => {
          log.warn(describeForLog(error));
          return explain(asTimeout(error)).sentence;
        },
      );
      return { models, containers: containersProblem === '', containersProblem };
    } catch (error) {
      if (cancel.signal.aborted) return undefined;
      log.error(describeForLog(error));
      return new Failed(asTimeout(error));
    } finally {
      subscription.dispose();
    }
  });
}

function asTimeout(error: unknown): unknown {
  return error instanceof Error && error.name === 'TimeoutError'
    ? new GatewayError({ kind: 'timeout' })
    : error;
}

/** Says what went wrong. @returns whether to begin again with another address or key */
async function askAgain(error: unknown): Promise<boolean> {
  const { sentence, action } = explain(error);
  const again = vscode.l10n.t('Change');
  const settings =
    action === 'openProxySettings' || action === 'openCertificateSettings' ? action : undefined;
  const open = settings === undefined ? [] : [vscode.l10n.t('Open Settings')];
  const chosen = await vscode.window.showErrorMessage(sentence, again, ...open);
  if (settings !== undefined && chosen !== undefined && chosen !== again) await runErrorAction(settings);
  return chosen === again;
}

async function pickModel(models: readonly string[], current: string): Promise<string | undefined> {
  if (models.length === 0) {
    return vscode.window.showInputBox({
      title: vscode.l10n.t('Set Up Gateway (3/3): Model'),
      prompt: vscode.l10n.t('The gateway lists no models. Enter the name of one that can run code.'),
      value: current,
      ignoreFocusOut: true,
    });
  }
  const items = models.map((label) =>
    label === current ? { label, description: vscode.l10n.t('in use') } : { label },
  );
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Choose Model'),
    placeHolder: vscode.l10n.t('A model whose provider has a code interpreter'),
    ignoreFocusOut: true,
  });
  return chosen?.label;
}
