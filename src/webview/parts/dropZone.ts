import { LARGEST_PASTED, MOST_DROPPED } from '../../protocol.ts';
import { el, icon, show } from '../dom.ts';
import { type Brought, canBeAttached, readDrop, readPaste } from '../dropped.ts';
import type { PanelContext } from '../part.ts';

/**
 * Attaches what is dropped on the panel and what is pasted into it.
 *
 * @param page what takes drops and pastes: all of the panel
 * @param warn says what could not be attached
 * @returns what is seen while something is dragged over the panel
 */
export function createDropZone(
  page: HTMLElement,
  { t, post }: PanelContext,
  warn: (words: string) => void,
): HTMLElement {
  const root = el('div', 'drop-hint', icon('attach'), el('span', '', t('Drop to attach')));
  show(root, false);

  async function attach({ uris, files }: Brought): Promise<void> {
    if (uris.length > 0) post({ type: 'attachUris', uris });
    for (const file of files.slice(0, MOST_DROPPED)) {
      if (file.size > LARGEST_PASTED) {
        warn(t('{0} is larger than 32 MB. Attach it with the button.', file.name));
        continue;
      }
      try {
        post({ type: 'attachBytes', name: file.name, bytes: await file.arrayBuffer() });
      } catch (error) {
        // A folder that is dropped looks like a file, and cannot be read.
        if (!(error instanceof DOMException)) throw error;
        warn(t('{0} could not be read. Attach it with the button.', file.name));
      }
    }
  }

  const isOurs = ({ dataTransfer }: DragEvent) =>
    dataTransfer !== null && canBeAttached([...dataTransfer.types]);
  page.addEventListener('dragover', (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    show(root, true);
  });
  page.addEventListener('dragleave', ({ relatedTarget }) => {
    // Between two elements of the page, the pointer leaves the one for the other.
    if (relatedTarget === null) show(root, false);
  });
  page.addEventListener('drop', (event) => {
    show(root, false);
    if (!isOurs(event) || event.dataTransfer === null) return;
    event.preventDefault();
    void attach(readDrop(event.dataTransfer));
  });
  page.addEventListener('paste', (event) => {
    const files = event.clipboardData ? readPaste(event.clipboardData) : [];
    if (files.length === 0) return;
    event.preventDefault();
    void attach({ uris: [], files });
  });
  return root;
}
