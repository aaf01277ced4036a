/** Small helpers to build and change elements. Text is always set as text: nothing here parses HTML. */

type Child = Node | string | undefined;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className !== '') node.className = className;
  for (const child of children) if (child !== undefined) node.append(child);
  return node;
}

/** A codicon; what it says must also be said in words nearby. */
export function icon(name: string, className = ''): HTMLSpanElement {
  const node = el('span', iconClass(name, className));
  node.setAttribute('aria-hidden', 'true');
  return node;
}

/** Changes which codicon an element made by {@link icon} shows. */
export function setIcon(node: HTMLElement, name: string, className = ''): void {
  const wanted = iconClass(name, className);
  if (node.className !== wanted) node.className = wanted;
}

function iconClass(name: string, className: string): string {
  return `codicon codicon-${name}${className === '' ? '' : ` ${className}`}`;
}

/** A button with an icon, and its words as name and tooltip. */
export function iconButton(name: string, label: string, onClick: () => void): HTMLButtonElement {
  const button = el('button', 'icon-button', icon(name));
  button.type = 'button';
  labelButton(button, label);
  button.addEventListener('click', onClick);
  return button;
}

export function labelButton(button: HTMLButtonElement, label: string): void {
  button.title = label;
  button.setAttribute('aria-label', label);
}

/** A button with words, and perhaps an icon before them. */
export function textButton(
  label: string,
  onClick: () => void,
  options: { readonly icon?: string; readonly className?: string } = {},
): HTMLButtonElement {
  const button = el(
    'button',
    options.className ?? 'button',
    options.icon === undefined ? undefined : icon(options.icon),
    el('span', '', label),
  );
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}

/**
 * Something to be followed as a link, by mouse or keyboard. It has no `href`: nothing but our own message can ever
 * lead out of the page.
 */
export function actionLink(className: string, title: string, onOpen: () => void): HTMLElement {
  const link = el('a', className);
  link.setAttribute('role', 'link');
  link.tabIndex = 0;
  link.title = title;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    onOpen();
  });
  link.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onOpen();
  });
  return link;
}

export function show(node: HTMLElement, visible: boolean): void {
  if (node.hidden === visible) node.hidden = !visible;
}

/** Makes a box that scrolls reachable by keyboard and known to screen readers. */
export function scrollBox(node: HTMLElement, label: string): void {
  node.tabIndex = 0;
  node.setAttribute('role', 'region');
  node.setAttribute('aria-label', label);
}
