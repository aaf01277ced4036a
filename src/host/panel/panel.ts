import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { imageType } from '../../core/files.ts';

import type { SessionEvent } from '../../core/session.ts';
import {
  type HostMessage,
  type ImageSource,
  imageKey,
  type PanelMessage,
  parsePanelMessage,
} from '../../protocol.ts';
import { isCancellation } from '../cancellation.ts';
import { explain } from '../errorReport.ts';
import { PANEL_TYPE } from '../ids.ts';
import { describeForLog, type Log } from '../log.ts';
import { fileImage, LARGEST_IMAGE } from '../session/fileImage.ts';
import type { StoredImage } from '../session/imageStore.ts';
import type { Session } from '../session/session.ts';
import { panelHtml } from './panelHtml.ts';

/** ms between two messages to the panel: one frame of a 60 Hz screen. */
const FRAME = 16;

/** What a panel asks for that is not its session's own business. */
export type PanelRequest = Exclude<
  PanelMessage,
  { readonly type: 'ready' | 'resync' | 'requestImage' | 'ask' | 'stop' | 'detach' }
>;

/** Does what a panel asks for; `answer` sends it a message. */
export type RequestHandler = (request: PanelRequest, answer: (message: HostMessage) => void) => void;

/** Shows one session: sends the truth, hands on what the person does. */
export class SessionPanel implements vscode.Disposable {
  readonly session: Session;
  readonly #panel: vscode.WebviewPanel;
  readonly #log: Log;
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #request: RequestHandler;
  #waiting: SessionEvent[] = [];
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #ready = false;
  #disposed = false;
  #focusWanted: boolean;
  #runWanted: string | undefined;

  /**
   * @param panel a new one, or one that the editor has brought back
   * @param preserveFocus leaves the cursor where it is
   */
  constructor(
    session: Session,
    panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    log: Log,
    preserveFocus: boolean,
    request: RequestHandler,
  ) {
    this.session = session;
    this.#log = log;
    this.#request = request;
    this.#focusWanted = !preserveFocus;
    this.#panel = panel;
    panel.title = titleOf(session);
    panel.webview.options = panelOptions(extensionUri);
    this.#panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'panel.svg');
    const { webview } = this.#panel;
    const uri = (...parts: string[]) =>
      webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...parts)).toString();
    this.#subscriptions.push(
      session.onEvents((events) => this.#queue(events)),
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      this.#panel.onDidChangeViewState(() => {
        // A hidden panel's page is gone; it says `ready` again when it is shown.
        if (!this.#panel.visible) this.#ready = false;
      }),
    );
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      scriptUri: uri('dist', 'webview.js'),
      styleUris: [uri('dist', 'codicon.css'), uri('media', 'panel.css')],
      l10n: vscode.l10n.bundle ?? {},
      lang: vscode.env.language,
      title: titleOf(session),
    });
  }

  /** A panel that shows nothing yet. @param preserveFocus leaves the cursor in the editor where it is */
  static create(
    extensionUri: vscode.Uri,
    viewColumn: vscode.ViewColumn,
    preserveFocus: boolean,
  ): vscode.WebviewPanel {
    const column = { viewColumn, preserveFocus };
    return vscode.window.createWebviewPanel(PANEL_TYPE, '', column, panelOptions(extensionUri));
  }

  get viewColumn(): vscode.ViewColumn | undefined {
    return this.#panel.viewColumn;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  onDidChangeViewState(listener: () => void): void {
    this.#panel.onDidChangeViewState(listener);
  }

  /** Brings the panel to the front; the cursor too, to where one types, unless it is to stay. */
  reveal(preserveFocus = false, column?: vscode.ViewColumn): void {
    this.#panel.reveal(column, preserveFocus);
    if (preserveFocus) return;
    this.#focusWanted = true;
    if (this.#ready) this.#focus();
  }

  /** Brings the panel to the front, with a run in sight. */
  revealRun(runId: string): void {
    this.#panel.reveal();
    this.#focusWanted = false;
    this.#runWanted = runId;
    if (this.#ready) this.#showRun();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel.dispose();
  }

  #queue(events: readonly SessionEvent[]): void {
    this.#panel.title = titleOf(this.session);
    if (!this.#ready) return;
    this.#waiting.push(...events);
    // What comes after a pause goes at once; what comes soon after it waits for the frame to be over.
    const left = this.#flushedAt + FRAME - performance.now();
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, left));
  }

  #flush(): void {
    this.#timer = undefined;
    this.#flushedAt = performance.now();
    const events = this.#waiting;
    if (events.length === 0) return;
    this.#waiting = [];
    const seq = this.#sent + 1;
    this.#sent += events.length;
    this.#post({ type: 'events', seq, events });
  }

  #snapshot(): void {
    this.#waiting = [];
    this.#ready = true;
    this.#post({ type: 'snapshot', seq: this.#sent, session: this.session.state });
    if (this.#focusWanted) this.#focus();
    this.#showRun();
  }

  #showRun(): void {
    if (this.#runWanted === undefined) return;
    this.#post({ type: 'revealRun', runId: this.#runWanted });
    this.#runWanted = undefined;
  }

  #focus(): void {
    this.#focusWanted = false;
    this.#post({ type: 'focusComposer' });
  }

  #post(message: HostMessage): void {
    if (this.#disposed) return;
    void this.#panel.webview.postMessage(message);
  }

  #receive(value: unknown): void {
    const message = parsePanelMessage(value);
    if (message === undefined) {
      this.#log.warn('The panel sent a message that is none of those it may send; it was ignored.');
      return;
    }
    switch (message.type) {
      case 'ready':
      case 'resync':
        this.#snapshot();
        return;
      case 'requestImage':
        void this.#sendImage(message.source);
        return;
      case 'ask':
        void this.session.ask(message.prompt);
        return;
      case 'stop':
        this.session.stop();
        return;
      case 'detach':
        this.session.attachments.remove(message.attachmentId);
        return;
      default:
        this.#request(message, (answer) => this.#post(answer));
    }
  }

  async #sendImage(source: ImageSource): Promise<void> {
    const key = imageKey(source);
    try {
      const image = await this.#image(source);
      if (image) {
        // A copy of its own: Node's buffers share memory with all that the extension host does.
        const bytes = new Uint8Array(image.bytes).buffer;
        this.#post({ type: 'image', key, mime: image.mime, bytes });
        return;
      }
      this.#post({ type: 'imageFailed', key, sentence: vscode.l10n.t('This picture cannot be shown here.') });
    } catch (error) {
      if (isCancellation(error)) return;
      this.#log.warn(describeForLog(error));
      this.#post({ type: 'imageFailed', key, sentence: explain(error).sentence });
    }
  }

  async #image(source: ImageSource): Promise<StoredImage | undefined> {
    if (source.from === 'file') return fileImage(this.session, source);
    const kept = await this.session.images.get(imageKey(source));
    if (kept || source.from === 'output') return kept;
    const image = this.#attachedImage(source);
    // It is seen with its message as long as the session is there.
    if (image) this.session.keepImage(imageKey(source), image);
    return image;
  }

  #attachedImage({ attachmentId }: Extract<ImageSource, { from: 'attachment' }>): StoredImage | undefined {
    const file = this.session.attachments.get(attachmentId);
    if (file === undefined || file.size > LARGEST_IMAGE) return undefined;
    const mime = imageType(file.name);
    return mime === undefined ? undefined : { mime, bytes: file.bytes };
  }
}

function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    enableCommandUris: false,
    localResourceRoots: ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder)),
  };
}

function titleOf(session: Session): string {
  return session.title || vscode.l10n.t('Code Interpreter');
}
