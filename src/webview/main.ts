import { makeTranslate, readDictionary } from '../core/translate.ts';
import type { HostMessage, PanelMessage } from '../protocol.ts';
import { Busy } from './busy.ts';
import { Clock } from './clock.ts';
import { el } from './dom.ts';
import { SessionFeed } from './feed.ts';
import { parseHostMessage } from './hostMessage.ts';
import { ImageStore } from './imageStore.ts';
import { Memory, parseRemembered } from './memory.ts';
import { Pacer } from './pacer.ts';
import { createApp } from './parts/app.ts';
import { Viewer } from './parts/viewer.ts';
import { Tables } from './tables.ts';
import { formatNumber } from './view/format.ts';
import { SessionViewer } from './view/view.ts';

interface HostApi {
  postMessage(message: PanelMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): HostApi;

function start(): void {
  const host = acquireVsCodeApi();
  const t = makeTranslate(readDictionary(document.getElementById('l10n')?.textContent));
  const lang = document.documentElement.lang || 'en';
  const post = (message: PanelMessage) => host.postMessage(message);
  const memory = new Memory(parseRemembered(host.getState()), (state) => host.setState(state));
  const images = new ImageStore(post, t('This kind of picture cannot be shown here.'));
  const clock = new Clock();
  const busy = new Busy();
  const status = createStatus();
  const say = (words: string) => {
    status.textContent = words;
  };
  const tables = new Tables(post);
  const pictureViewer = new Viewer(images, t);
  const app = createApp({ t, lang, post, images, clock, memory, busy, viewer: pictureViewer, tables, say });
  document.body.replaceChildren(...app.roots, pictureViewer.root, status);
  const feed = new SessionFeed();
  const viewer = new SessionViewer({ t, lang });

  const pacer = new Pacer(() => {
    if (feed.session) app.update(viewer.view(feed.session));
  });

  function receive(message: HostMessage): void {
    switch (message.type) {
      case 'snapshot':
      case 'events': {
        syncClock(clock, message);
        const result = feed.apply(message);
        if (result === 'gap') post({ type: 'resync' });
        if (feed.session) memory.sessionId = feed.session.id;
        if (result === 'changed') pacer.change();
        return;
      }
      case 'image':
        images.receive(message.key, message.mime, message.bytes);
        return;
      case 'imageFailed':
        images.fail(message.key, message.sentence);
        return;
      case 'table':
        tables.receive(
          message.key,
          message.table ? { state: 'ready', table: message.table } : { state: 'empty' },
        );
        return;
      case 'tableFailed':
        tables.receive(message.key, { state: 'failed', sentence: message.sentence });
        return;
      case 'focusComposer':
        app.focusComposer();
        return;
      case 'promptText':
        app.compose(message.text);
        return;
      case 'promptHistory':
        app.browseHistory(message.prompts);
        return;
      case 'revealRun':
        app.revealRun(message.runId);
        return;
      default:
        message satisfies never;
    }
  }

  const { origin } = window;
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    // VS Code's own page around this one has the same origin; the pages of other extensions do not.
    if (event.origin !== origin) return;
    const message = parseHostMessage(event.data);
    if (message) receive(message);
  });
  post({ type: 'ready' });
  // The first number loads the language's data, 20 ms: now, while the host gathers the session.
  formatNumber(0, lang);
}

/** What a screen reader speaks when it changes. */
function createStatus(): HTMLElement {
  const status = el('div', 'visually-hidden');
  status.setAttribute('role', 'status');
  status.setAttribute('aria-live', 'polite');
  return status;
}

function syncClock(clock: Clock, message: HostMessage): void {
  if (message.type !== 'events') return;
  const last = message.events.findLast((event) => 'at' in event);
  if (last && 'at' in last) clock.sync(last.at);
}

start();
