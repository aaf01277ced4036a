import { isPython } from '../../core/fences.ts';
import { el, scrollBox } from '../dom.ts';
import { addedTo } from '../grown.ts';
import { type CodeUpdate, PythonStream } from '../highlight.ts';
import type { MarkdownCode } from '../markdown/markdownDom.ts';
import { spanNodes } from './code.ts';

/** A block of code in an answer: while it grows, coloured line by line. */
export function createAnswerCode(label: string): MarkdownCode {
  const tail = document.createTextNode('');
  const code = el('code', '', tail);
  const root = el('pre', 'answer-code', code);
  root.translate = false;
  scrollBox(root, label);
  /** Lines that are coloured for now. */
  let provisional: readonly Node[] = [];
  let stream: PythonStream | undefined;
  let shown = { language: '', text: '', open: true };

  function apply({ closed, open, tail: rest }: CodeUpdate): void {
    if (closed.length > 0 || open) {
      for (const node of provisional) node.parentNode?.removeChild(node);
      provisional = spanNodes(open ?? []);
      tail.before(...spanNodes(closed), ...provisional);
    }
    if (tail.data !== rest) tail.data = rest;
  }

  return {
    root,
    update(language, text, open) {
      if (language === shown.language && text === shown.text && open === shown.open) return;
      let piece = shown.open && language === shown.language ? addedTo(shown.text, text) : undefined;
      if (piece === undefined) {
        stream = isPython(language) ? new PythonStream() : undefined;
        provisional = [];
        tail.data = '';
        code.replaceChildren(tail);
        piece = text;
      }
      shown = { language, text, open };
      if (stream === undefined) {
        if (piece !== '') tail.appendData(piece);
        return;
      }
      if (piece !== '') apply(stream.push(piece));
      if (!open) apply(stream.finish());
    },
  };
}
