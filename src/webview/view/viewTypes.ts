import type { ErrorAction } from '../../core/errorText.ts';
import type { Citation } from '../../core/events.ts';
import type { ContainerFile } from '../../core/files.ts';
import type { Attachment, GatewayLabel } from '../../core/session.ts';
import type { StyledText } from '../../core/terminal.ts';
import type { MadeImageSource } from '../../protocol.ts';

/** What the panel shows, as plain data: every decision is made before any element is touched. */
export interface SessionView {
  readonly gateway: GatewayLabel;
  readonly runs: readonly RunView[];
  /** A run is under way: Send is Stop. */
  readonly active: boolean;
  readonly attachments: readonly Attachment[];
}

export interface RunView {
  readonly id: string;
  /** From 1. */
  readonly number: number;
  readonly prompt: string;
  readonly attachments: readonly Attachment[];
  /** What is to be known before the rest is read. */
  readonly preface: readonly string[];
  readonly blocks: readonly BlockView[];
  /** Set while the run is under way. */
  readonly progress: ProgressView | undefined;
  /** Pictures that are files and that neither a step nor the answer shows. */
  readonly pictures: readonly PictureView[];
  /** Those of the files whose first rows are shown, or can be. */
  readonly tables: readonly TableView[];
  readonly files: readonly FileView[];
  /** `files` are all there are: the container was listed, or cannot be. */
  readonly filesListed: boolean;
  readonly ending: EndingView | undefined;
  readonly error: ErrorView | undefined;
  readonly notices: readonly string[];
  readonly footer: FooterView | undefined;
}

/** How a run that is under way stands; times are ms since the epoch. */
export interface ProgressView {
  /** What is being waited for, where no part of the run shows it. */
  readonly activity: { readonly text: string; readonly since: number } | undefined;
  readonly waiting: WaitingView | undefined;
  /** When the gateway last said anything. */
  readonly lastNewsAt: number;
  /** What may be going on while it says nothing. */
  readonly silence: string;
}

/** A wait before the request is sent again. */
export interface WaitingView {
  /** Why it was not taken. */
  readonly reason: string;
  /** Number of the try that comes next. */
  readonly attempt: number;
  readonly until: number;
}

export type BlockView = StepView | AnswerView;

export type StepPhase = 'writing' | 'running' | 'done' | 'raised' | 'stopped' | 'failed';

export interface StepView {
  readonly kind: 'step';
  readonly key: string;
  readonly runId: string;
  readonly outputIndex: number;
  /** From 1, within the run. */
  readonly number: number;
  /** The code's first comment, or empty. */
  readonly title: string;
  readonly phase: StepPhase;
  readonly words: string;
  readonly since: number;
  readonly until: number | undefined;
  readonly code: string;
  readonly pictures: readonly PictureView[];
  readonly log: StyledText;
}

export interface PictureView {
  readonly key: string;
  readonly source: MadeImageSource;
  readonly alt: string;
  /** What a file of it is called, without what tells its kind. */
  readonly name: string;
  /** Shown below the picture; empty for none. */
  readonly caption: string;
}

export interface AnswerView {
  readonly kind: 'answer';
  readonly key: string;
  readonly text: string;
  /** The end of the text, as far as it is known to have come last; see `latestText`. */
  readonly latest: string;
  readonly refusal: boolean;
  /** No more text will come. */
  readonly complete: boolean;
  readonly links: LinkBook;
}

/** What the links of an answer are resolved with. */
export interface LinkBook {
  readonly citations: readonly Citation[];
  readonly files: readonly ContainerFile[];
  /** For citations that leave it out. */
  readonly containerId: string;
  /** The run has ended: what is not known now does not exist. */
  readonly settled: boolean;
  /** Keys of file pictures that this answer's `![…](…)` may show. */
  readonly embeds: readonly string[];
}

export interface FileView {
  readonly containerId: string;
  readonly fileId: string;
  readonly filename: string;
  /** Safe to look at. */
  readonly name: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** In words, or empty where unknown. */
  readonly size: string;
}

/** A file with rows. */
export interface TableView extends FileView {
  /** They are shown at once; else when they are asked for. */
  readonly open: boolean;
}

export interface ErrorView {
  readonly sentence: string;
  readonly action: { readonly action: ErrorAction; readonly label: string } | undefined;
  /** The server's words and numbers, for whoever looks closer; empty for none. */
  readonly detail: string;
  /** The run can be asked for again, once what was wrong has been put right. */
  readonly canRetry: boolean;
  /** What the button says that asks the gateway how the run went on; undefined where it cannot be asked. */
  readonly resume: string | undefined;
}

/** How a run ended where it is not simply done. */
export interface EndingView {
  readonly text: string;
  readonly icon: string;
  readonly canRetry: boolean;
}

export interface FooterView {
  readonly facts: readonly FooterFact[];
  readonly container: ContainerView | undefined;
}

export interface FooterFact {
  readonly text: string;
  readonly title: string;
}

export interface ContainerView {
  readonly id: string;
  readonly short: string;
  /** ms since the epoch; undefined where it is not this session's container any more. */
  readonly expiresAt: number | undefined;
}
