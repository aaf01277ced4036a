import { insertText } from '../dom.ts';
import { HistoryCursor, isAtEdge } from '../history.ts';

export interface HistoryKeys {
  /** Goes on with what a key began, with the texts that it asked for. */
  browse(texts: readonly string[]): void;
}

/**
 * Lets the arrow keys bring back what was sent before: up in the first line, down in the last one.
 *
 * @param request asks for the texts, which {@link HistoryKeys.browse} then takes
 */
export function createHistoryKeys(input: HTMLTextAreaElement, request: () => void): HistoryKeys {
  let cursor: HistoryCursor | undefined;
  let writing = false;

  function go(direction: -1 | 1): void {
    const text = cursor?.move(direction);
    if (text === undefined) return;
    writing = true;
    input.select();
    insertText(input, text);
    writing = false;
    // Where the same key leads on.
    const firstLine = text.indexOf('\n');
    const at = direction === -1 && firstLine !== -1 ? firstLine : text.length;
    input.setSelectionRange(at, at);
    input.scrollTop = direction === -1 ? 0 : input.scrollHeight;
  }

  function start(direction: -1 | 1): void {
    if (cursor) go(direction);
    else if (direction === -1) request();
  }

  input.addEventListener('input', () => {
    if (!writing) cursor = undefined;
  });
  input.addEventListener('keydown', (event) => {
    const direction = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
    if (direction === undefined || event.isComposing) return;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const { value, selectionStart: at, selectionEnd } = input;
    if (at !== selectionEnd || !isAtEdge(value, at, direction)) return;
    // A line that is wrapped is several to the eye: whether there is one more shows only once the key has done its work.
    if (input.clientHeight < 2 * lineHeight(input)) {
      event.preventDefault();
      start(direction);
    } else {
      setTimeout(() => {
        // Where the key finds no line to go to, some systems leave the cursor and some take it to the end of the text.
        const now = input.selectionStart;
        const end = direction === -1 ? 0 : value.length;
        if ((now === at || now === end) && input.value === value) start(direction);
      });
    }
  });

  return {
    browse(texts) {
      cursor = new HistoryCursor(texts, input.value);
      go(-1);
    },
  };
}

function lineHeight(input: HTMLTextAreaElement): number {
  return Number.parseFloat(getComputedStyle(input).lineHeight) || 20;
}
