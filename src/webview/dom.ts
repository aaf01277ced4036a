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

const DONE_MS = 1_500;

/** A button that does something at once, with a tick to show for it. */
export function doneButton(name: string, label: string, onClick: () => void): HTMLButtonElement {
  const button = iconButton(name, label, () => {
    onClick();
    flash(button, 'check');
  });
  return button;
}

/** Shows another icon on a button made by {@link iconButton} for a moment, and perhaps other words. */
export function flash(button: HTMLButtonElement, name: string, words?: string): void {
  const symbol = button.querySelector<HTMLElement>('.codicon');
  if (symbol === null || symbol.dataset['flash'] !== undefined) return;
  const before = { icon: symbol.className, title: button.title };
  symbol.dataset['flash'] = name;
  setIcon(symbol, name);
  if (words !== undefined) button.title = words;
  setTimeout(() => {
    delete symbol.dataset['flash'];
    symbol.className = before.icon;
    button.title = before.title;
  }, DONE_MS);
}

/** Buttons that belong to what they float above: seen while the pointer or the focus is there. */
export function toolbar(label: string, ...buttons: readonly HTMLElement[]): HTMLElement {
  const bar = el('div', 'float-bar', ...buttons);
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', label);
  return el('div', 'float-place', bar);
}

/** Types a text in place of what is selected, so that undo takes it back: no other way keeps a text box's history. */
export function insertText(box: HTMLTextAreaElement, text: string): void {
  box.focus();
  const typed = document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
  if (typed) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
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

/** Changes what an element says, where it says something else. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function show(node: HTMLElement, visible: boolean): void {
  if (node.hidden === visible) node.hidden = !visible;
}

/** Makes a box that scrolls reachable by keyboard and known to screen readers. */
export function scrollBox(node: HTMLElement, label: string): void {
  node.tabIndex = 0;
  nameGroup(node, label);
}

/** Names a part of the page. Not as a landmark: a long session would have hundreds of those. */
export function nameGroup(node: HTMLElement, label: string): void {
  node.setAttribute('role', 'group');
  node.setAttribute('aria-label', label);
}
