const AT_END = 8;
/** Pixels above a part that is brought into sight. */
const MARGIN = 12;

/** How long after something was unfolded a change of height counts as that. */
const BY_HAND_MS = 400;
/** What unfolds; other buttons begin something whose growth is to be followed. */
const FOLDS = '.fold-button, .step-toggle';

/**
 * Keeps the end of a growing page in view until the person scrolls away from it, and again once they are back there.
 */
export class Follower {
  readonly #scroller: HTMLElement;
  readonly #onChange: (following: boolean) => void;
  #following = true;
  #lastTop = 0;
  #lastHeight = 0;
  #lastRoom = 0;
  #unfoldedAt = Number.NEGATIVE_INFINITY;

  constructor(scroller: HTMLElement, content: HTMLElement, onChange: (following: boolean) => void) {
    this.#scroller = scroller;
    this.#onChange = onChange;
    scroller.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    content.addEventListener(
      'click',
      ({ target }) => {
        if (target instanceof Element && target.closest(FOLDS)) this.#unfoldedAt = performance.now();
      },
      { capture: true },
    );
    const observer = new ResizeObserver(() => this.#onResize());
    observer.observe(content);
    observer.observe(scroller);
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.#set(true);
    this.#jump();
  }

  /** Goes to a part of the page and stays there. */
  goTo(part: HTMLElement): void {
    this.#set(false);
    // Only the session scrolls: `scrollIntoView` would move the page around it too.
    const above = part.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
    this.#scroller.scrollTop += above - MARGIN;
    this.#lastTop = this.#scroller.scrollTop;
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    // Content that shrinks, or more room for it, moves the top up too; that is not the person leaving.
    const sameLayout = scrollHeight === this.#lastHeight && clientHeight === this.#lastRoom;
    const movedUp = scrollTop < this.#lastTop - 1 && sameLayout;
    this.#remember();
    if (scrollHeight - clientHeight - scrollTop <= AT_END) this.#set(true);
    else if (movedUp) this.#set(false);
  }

  #onResize(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const atEnd = scrollHeight - clientHeight - scrollTop <= AT_END;
    const byHand = performance.now() - this.#unfoldedAt < BY_HAND_MS;
    if (atEnd) this.#set(true);
    else if (byHand) this.#set(false);
    else if (this.#following) this.#jump();
  }

  #jump(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#remember();
  }

  #remember(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#lastTop = scrollTop;
    this.#lastHeight = scrollHeight;
    this.#lastRoom = clientHeight;
  }

  #set(following: boolean): void {
    if (following === this.#following) return;
    this.#following = following;
    this.#onChange(following);
  }
}
