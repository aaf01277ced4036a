import { type Cell, type CellOutput, type ExportPicture, tidy } from './cells.ts';
import { rewriteLinks } from './links.ts';

/** A notebook of format 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html). */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
  readonly metadata: object;
  readonly cells: readonly NotebookCell[];
}

type NotebookCell =
  | (CellBase & { readonly cell_type: 'markdown'; readonly attachments?: Attachments })
  | (CellBase & {
      readonly cell_type: 'code';
      readonly execution_count: number | null;
      readonly outputs: readonly NotebookOutput[];
    });

interface CellBase {
  readonly id: string;
  readonly metadata: object;
  /** Lines with their ends, as notebook programs write them. */
  readonly source: readonly string[];
}

/** Pictures of a Markdown cell, by name and MIME type. */
type Attachments = Readonly<Record<string, Readonly<Record<string, string>>>>;

type NotebookOutput =
  | { readonly output_type: 'stream'; readonly name: 'stdout'; readonly text: readonly string[] }
  | {
      readonly output_type: 'display_data';
      readonly data: Readonly<Record<string, string | readonly string[]>>;
      readonly metadata: object;
    }
  | {
      readonly output_type: 'error';
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** A session as a Jupyter notebook: prompts and answers as Markdown, code with what it printed, drew and raised. */
export function notebookOf(cells: readonly Cell[]): Notebook {
  let executed = 0;
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    cells: cells.map((cell, place): NotebookCell => {
      const base = { id: `cell-${place + 1}`, metadata: {} };
      if (cell.kind !== 'code') return { ...base, cell_type: 'markdown', ...markdownOf(cell) };
      const outputs = cell.outputs.map(outputOf);
      const source = linesOf(tidy(cell.code));
      return { ...base, cell_type: 'code', execution_count: ++executed, outputs, source };
    }),
  };
}

/** The notebook as the text of its file. */
export function serialiseNotebook(notebook: Notebook): string {
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}

function markdownOf(cell: Exclude<Cell, { kind: 'code' }>): {
  readonly source: readonly string[];
  readonly attachments?: Attachments;
} {
  switch (cell.kind) {
    case 'prompt':
      return { source: linesOf(promptOf(cell)) };
    case 'ending':
      return { source: linesOf(`*${tidy(cell.text)}*`) };
    case 'pictures': {
      const text = cell.pictures.map((picture) => `![](${attached(picture)})`).join('\n\n');
      return { source: linesOf(text), attachments: attachmentsOf(cell.pictures) };
    }
    case 'answer': {
      const used = new Map<string, ExportPicture>();
      const text = rewriteLinks(tidy(cell.text), cell.links, (picture) => {
        used.set(picture.name, picture);
        return attached(picture);
      });
      const attachments = attachmentsOf([...used.values()]);
      return { source: linesOf(text), ...(used.size === 0 ? {} : { attachments }) };
    }
  }
}

function attached({ name }: ExportPicture): string {
  return `attachment:${encodeURIComponent(name)}`;
}

function attachmentsOf(pictures: readonly ExportPicture[]): Attachments {
  return Object.fromEntries(pictures.map(({ name, mime, base64 }) => [name, { [mime]: base64 }]));
}

/** The prompt as a quotation, with the names of what was attached to it. */
export function promptOf({ text, attachments }: Extract<Cell, { kind: 'prompt' }>): string {
  const names = attachments.map((name) => `\`${name.replace(/[`\r\n]/g, ' ')}\``).join(', ');
  const all = names === '' ? text : `${text}\n\n📎 ${names}`;
  return tidy(all)
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function outputOf(output: CellOutput): NotebookOutput {
  switch (output.kind) {
    case 'text':
      return { output_type: 'stream', name: 'stdout', text: linesOf(ended(tidy(output.text))) };
    case 'exception': {
      const { name, message, lines } = output;
      return {
        output_type: 'error',
        ename: tidy(name),
        evalue: tidy(message),
        traceback: lines.map(tidy),
      };
    }
    case 'picture': {
      const { mime, base64 } = output.picture;
      return { output_type: 'display_data', data: { [mime]: base64 }, metadata: {} };
    }
  }
}

/** Two that follow each other are shown as one. */
function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== '');
}
