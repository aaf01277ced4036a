import { doneButton, iconButton, show, toolbar } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';
import type { StepView } from '../view/viewTypes.ts';
import { type CodeEditor, createCodeEditor } from './codeEditor.ts';

export interface StepActions extends Part<StepView> {
  /** The code is being changed: an editor stands in its place. */
  readonly editing: boolean;
}

/** What can be done with a step's code. `shown` is the element that shows it, which makes place for the editor. */
export function createStepActions(context: PanelContext, first: StepView, shown: HTMLElement): StepActions {
  const { t, post, memory, say } = context;
  const { runId, outputIndex } = first;
  const number = String(first.number);
  const memoryKey = `${runId} ${first.key}`;
  let code = '';
  let editor: CodeEditor | undefined;

  const edit = iconButton('edit', t('Edit the Code of Step {0} and Run It Again', number), () => {
    open(code);
    editor?.focus();
  });
  const copy = doneButton('copy', t('Copy the Code of Step {0}', number), () => {
    post({ type: 'code', verb: 'copy', runId, outputIndex });
    say(t('Copied'));
  });
  const insert = iconButton('insert', t('Insert the Code of Step {0} into the Editor', number), () =>
    post({ type: 'code', verb: 'insert', runId, outputIndex }),
  );
  const asFile = iconButton('new-file', t('Open the Code of Step {0} as a New File', number), () =>
    post({ type: 'code', verb: 'open', runId, outputIndex }),
  );
  const bar = toolbar(t('Actions on the code of step {0}', number), edit, insert, asFile, copy);

  function open(text: string): void {
    editor = createCodeEditor(context, {
      label: t('Code of step {0}', number),
      code: text,
      original: code,
      onChange: (changed) => memory.setEdit(memoryKey, changed === code ? undefined : changed),
      onRun: (changed) => {
        post({ type: 'runEdited', runId, outputIndex, code: changed });
        close();
      },
      onCancel: close,
    });
    shown.before(editor.root);
    show(shown, false);
    show(bar, false);
  }

  function close(): void {
    editor?.dispose();
    editor = undefined;
    memory.setEdit(memoryKey, undefined);
    show(shown, true);
    show(bar, true);
    edit.focus();
  }

  return {
    root: bar,
    get editing() {
      return editor !== undefined;
    },
    update(view) {
      code = view.code;
      const settled = view.phase !== 'writing';
      show(bar, settled && code !== '' && editor === undefined);
      const kept = settled && editor === undefined ? memory.editOf(memoryKey) : undefined;
      if (kept !== undefined && kept !== code) open(kept);
    },
    dispose: () => editor?.dispose(),
  };
}
