import * as vscode from 'vscode';
import { BUILT_IN_MODEL } from '../gateways/gateways.ts';
import { chooseModel, setUpGateway } from '../gateways/setUpGateway.ts';
import { COMMANDS } from '../ids.ts';
import type { Services } from '../services.ts';
import { readSettings, writeModel } from '../settings.ts';
import type { CommandMap } from './register.ts';

export function gatewayCommands({ gateways, keys, log }: Services) {
  return {
    [COMMANDS.setUpGateway]: () => setUpGateway(gateways, keys, log),
    [COMMANDS.chooseModel]: async () => {
      if (readSettings().url === '') {
        const setUp = vscode.l10n.t('Set Up Gateway');
        const chosen = await vscode.window.showInformationMessage(
          vscode.l10n.t(
            'Local Python has one model, {0}, which is no AI. Set up a gateway to choose among its models.',
            BUILT_IN_MODEL,
          ),
          setUp,
        );
        if (chosen === setUp) await setUpGateway(gateways, keys, log);
        return;
      }
      const { client, label } = await gateways.current();
      const model = await chooseModel(client, label.model);
      if (model !== undefined) await writeModel(model);
    },
    [COMMANDS.restartLocalGateway]: () => gateways.restartLocal(),
    [COMMANDS.showLog]: () => log.show(),
  } satisfies CommandMap;
}
