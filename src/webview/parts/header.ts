import type { GatewayLabel } from '../../core/session.ts';
import { el, icon, setIcon, show } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';

/** The line at the top: which gateway, which model; both lead to where they are chosen. */
export function createHeader(context: PanelContext): Part<GatewayLabel> {
  const { t, post } = context;
  const symbol = icon('server');
  const gateway = el('bdi', 'header-text');
  const gatewayButton = el('button', 'header-button', symbol, gateway);
  gatewayButton.addEventListener('click', () =>
    post({ type: 'errorAction', action: 'setUpGateway', runId: undefined }),
  );
  const model = el('bdi', 'header-text');
  const modelButton = el('button', 'header-button model-button', model, icon('chevron-down'));
  modelButton.addEventListener('click', () =>
    post({ type: 'errorAction', action: 'chooseModel', runId: undefined }),
  );
  for (const button of [gatewayButton, modelButton]) button.type = 'button';
  const title = el('h1', 'visually-hidden', document.title);
  return {
    root: el('header', 'header', title, gatewayButton, modelButton),
    update(view) {
      setIcon(symbol, view.local ? 'device-desktop' : 'cloud');
      gateway.textContent = view.name;
      model.textContent = view.model;
      show(modelButton, view.model !== '');
      gatewayButton.title = t('Gateway: {0}. Set up another one.', view.name);
      gatewayButton.setAttribute('aria-label', gatewayButton.title);
      modelButton.title = t('Model: {0}. Choose another one.', view.model);
      modelButton.setAttribute('aria-label', modelButton.title);
    },
    dispose() {},
  };
}
