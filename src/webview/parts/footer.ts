import { el, icon, show } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';
import { lifeWords } from '../view/viewFooter.ts';
import type { FooterView } from '../view/viewTypes.ts';

/** Model, tokens, cost, time and container of a finished run, in one quiet line. */
export function createFooter(context: PanelContext): Part<FooterView | undefined> {
  const root = el('footer', 'footer');
  let stopClock: (() => void) | undefined;
  let shown: FooterView | undefined;

  function containerNodes(container: NonNullable<FooterView['container']>): HTMLElement {
    const life = el('span', 'life');
    const node = fact('', `${context.t('Container')} ${container.id}`);
    node.classList.add('container-fact');
    node.append(icon('package'), container.short, life);
    const { expiresAt } = container;
    if (expiresAt === undefined) return node;
    stopClock = context.clock.follow((now) => {
      const words = ` (${lifeWords(expiresAt, now, context)})`;
      if (life.textContent !== words) life.textContent = words;
    });
    return node;
  }

  return {
    root,
    update(view) {
      if (view === shown) return;
      shown = view;
      stopClock?.();
      stopClock = undefined;
      show(root, view !== undefined);
      if (view === undefined) return;
      const nodes = view.facts.map(({ text, title }) => fact(text, title));
      root.replaceChildren(...nodes, ...(view.container ? [containerNodes(view.container)] : []));
    },
    dispose() {
      stopClock?.();
    },
  };
}

function fact(text: string, title: string): HTMLElement {
  const node = el('span', 'fact', text);
  node.title = title;
  return node;
}
