import type { Translate } from '../../core/errorText.ts';
import { el, iconButton, labelButton, setText, textButton } from '../dom.ts';
import type { ImageStore } from '../imageStore.ts';
import type { PanelContext } from '../part.ts';
import type { PictureView } from '../view/viewTypes.ts';
import { fitting, scrollFor, stepped, type Zoom } from '../view/zoom.ts';
import { pictureButtons } from './pictureButtons.ts';

/** Pixels that a picture which fits leaves free on both sides together. */
const MARGIN = 32;

/** Shows one picture over the whole panel, as large as one likes. */
export class Viewer {
  readonly root = el('dialog', 'viewer');
  readonly #image = el('img', 'viewer-image');
  readonly #box = el('div', 'viewer-box', this.#image);
  readonly #name = el('bdi', 'viewer-name');
  readonly #percent = el('span', 'viewer-percent');
  readonly #own = el('div', 'viewer-own');
  readonly #images: ImageStore;
  readonly #t: Translate;
  #zoom: Zoom = 'fit';
  #leave: (() => void) | undefined;

  constructor(images: ImageStore, t: Translate) {
    this.#images = images;
    this.#t = t;
    const actual = textButton('1:1', () => this.#set(1), { className: 'icon-button viewer-actual' });
    labelButton(actual, t('1:1, actual size'));
    const bar = el(
      'div',
      'viewer-bar',
      this.#name,
      this.#percent,
      iconButton('zoom-out', t('Zoom Out'), () => this.#step(-1)),
      iconButton('zoom-in', t('Zoom In'), () => this.#step(1)),
      iconButton('screen-full', t('Fit'), () => this.#set('fit')),
      actual,
      this.#own,
      iconButton('close', t('Close'), () => this.root.close()),
    );
    this.#percent.setAttribute('aria-live', 'polite');
    this.#image.draggable = false;
    this.#box.tabIndex = 0;
    this.root.append(bar, this.#box);
    this.root.addEventListener('close', () => this.#forget());
    this.root.addEventListener('keydown', (event) => this.#onKey(event));
    this.#box.addEventListener('wheel', (event) => this.#onWheel(event), { passive: false });
    this.#followPointer();
    new ResizeObserver(() => this.#show()).observe(this.#box);
  }

  /** @param context of the panel, for what the buttons do */
  open(view: PictureView, context: PanelContext): void {
    this.#forget();
    setText(this.#name, view.alt);
    this.root.setAttribute('aria-label', view.alt);
    this.#image.alt = view.alt;
    this.#own.replaceChildren(...pictureButtons(context, view, this.#image));
    this.#zoom = 'fit';
    this.#image.onload = () => this.#show();
    this.#leave = this.#images.follow(view.source, (state) => {
      if (state.state === 'ready') this.#image.src = state.url;
    });
    this.root.showModal();
    this.#box.focus();
  }

  #forget(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#image.removeAttribute('src');
  }

  get #factor(): number {
    const { naturalWidth: width, naturalHeight: height } = this.#image;
    const { clientWidth, clientHeight } = this.#box;
    return this.#zoom === 'fit'
      ? fitting({ width, height }, { width: clientWidth - MARGIN, height: clientHeight - MARGIN })
      : this.#zoom;
  }

  #step(direction: 1 | -1): void {
    this.#set(stepped(this.#factor, direction));
  }

  /** @param at the place in the box that stays where it is; its middle by default */
  #set(zoom: Zoom, at?: { readonly x: number; readonly y: number }): void {
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = this.#box;
    const { x, y } = at ?? { x: clientWidth / 2, y: clientHeight / 2 };
    const { offsetWidth: width, offsetHeight: height } = this.#image;
    this.#zoom = zoom;
    this.#show();
    this.#box.scrollLeft = scrollFor(scrollLeft, x, width, this.#image.offsetWidth);
    this.#box.scrollTop = scrollFor(scrollTop, y, height, this.#image.offsetHeight);
  }

  #show(): void {
    const factor = this.#factor;
    const { naturalWidth, naturalHeight } = this.#image;
    this.#image.style.width = `${Math.round(naturalWidth * factor)}px`;
    this.#image.style.height = `${Math.round(naturalHeight * factor)}px`;
    this.#image.classList.toggle('large', factor >= 3);
    this.root.dataset['zoom'] = String(this.#zoom);
    setText(this.#percent, this.#t('{0} %', String(Math.round(factor * 100))));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') this.#step(1);
    else if (event.key === '-') this.#step(-1);
    else if (event.key === '0') this.#set('fit');
    else if (event.key === '1') this.#set(1);
    else return;
    event.preventDefault();
  }

  #onWheel(event: WheelEvent): void {
    // A pinch on a touch pad comes as a turn of the wheel with Ctrl.
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = this.#box.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    this.#set(Math.min(16, Math.max(0.1, this.#factor * Math.exp(-event.deltaY / 200))), at);
  }

  /** A click goes between the whole and the actual size; a drag moves the picture. */
  #followPointer(): void {
    const box = this.#box;
    let last: { readonly x: number; readonly y: number } | undefined;
    let moved = false;
    box.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || event.target !== this.#image) return;
      last = { x: event.clientX, y: event.clientY };
      moved = false;
      box.setPointerCapture(event.pointerId);
    });
    box.addEventListener('pointermove', ({ clientX: x, clientY: y }) => {
      if (last === undefined || (!moved && Math.hypot(x - last.x, y - last.y) < 4)) return;
      moved = true;
      box.scrollLeft -= x - last.x;
      box.scrollTop -= y - last.y;
      last = { x, y };
    });
    box.addEventListener('pointerup', ({ clientX, clientY }) => {
      if (last !== undefined && !moved) {
        const { left, top } = box.getBoundingClientRect();
        const whole = this.#zoom === 'fit' && this.#factor < 1;
        const at = { x: clientX - left, y: clientY - top };
        this.#set(whole ? 1 : this.#zoom === 'fit' ? 2 : 'fit', at);
      }
      last = undefined;
    });
    box.addEventListener('pointercancel', () => {
      last = undefined;
    });
  }
}
