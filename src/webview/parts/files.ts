import type { FileVerb } from '../../protocol.ts';
import { el, icon, iconButton, nameGroup, setIcon, show, textButton } from '../dom.ts';
import { type PanelContext, type Part, PartList } from '../part.ts';
import type { FileView } from '../view/viewTypes.ts';

/** The files that a run made, each with open, save and save as. */
export function createFiles(context: PanelContext, runId: string): Part<readonly FileView[]> {
  const { t } = context;
  const list = el('ul', 'file-list');
  const rows = new PartList<FileView>(
    list,
    (file) => `${file.containerId}/${file.fileId}`,
    (file) => createRow(context, file),
  );
  const title = el('h3', 'files-title');
  const saveAll = textButton(t('Save All'), () => context.post({ type: 'saveAll', runId }), {
    icon: 'save-all',
    className: 'quiet-button',
  });
  const root = el('div', 'files', el('div', 'files-head', title, saveAll), list);
  nameGroup(root, t('Files made'));
  show(root, false);
  return {
    root,
    update(files) {
      show(root, files.length > 0);
      show(saveAll, files.length > 1);
      const words = files.length === 1 ? t('1 file made') : t('{0} files made', String(files.length));
      if (title.textContent !== words) title.textContent = words;
      rows.update(files);
    },
    dispose: () => rows.dispose(),
  };
}

function createRow(context: PanelContext, first: FileView): Part<FileView> {
  const { t } = context;
  let file = first;
  const act = (verb: FileVerb) => {
    const { containerId, fileId, filename } = file;
    context.post({ type: 'file', verb, containerId, fileId, filename });
  };
  const symbol = icon(first.icon, 'file-icon');
  const name = el('bdi', 'file-name');
  const size = el('span', 'file-size');
  const open = el('button', 'file-open', symbol, name, size);
  open.type = 'button';
  open.addEventListener('click', () => act('open'));
  const save = iconButton('save', t('Save {0}', first.name), () => act('save'));
  const saveAs = iconButton('save-as', t('Save {0} as…', first.name), () => act('saveAs'));
  return {
    root: el('li', 'file-row', open, save, saveAs),
    update(view) {
      file = view;
      setIcon(symbol, view.icon, 'file-icon');
      name.textContent = view.name;
      size.textContent = view.size;
      open.title = t('Open {0}', view.name);
    },
    dispose() {},
  };
}
