/**
 * What one run sends to the parent: printed output and figures as they come, files when it ends. A run that cannot end
 * properly sends what there is before the process leaves; one that takes long sends now and then the files that are
 * finished, so that even a crash loses little.
 */
import type { Channel } from './channel.ts';
import type { Changes, DataFiles, Settled } from './dataFiles.ts';
import type { FileQuota } from './fileQuota.ts';
import { host } from './host.ts';
import { beforeLeaving } from './leave.ts';
import type { Limits } from './limits.ts';
import { createOutput } from './output.ts';

export interface RunReport {
  begin(run: number): void;
  print(bytes: Uint8Array): void;
  /** Whether one more figure may be shown; otherwise it counts as left out. */
  hasRoomForFigure(): boolean;
  figure(png: Uint8Array): void;
  /** To be called often while Python computes. */
  look(): void;
  /**
   * @param tail what is said after the printed output
   * @param interrupts how often it was interrupted
   */
  end(end: string, tail: Uint8Array, interrupts: number): void;
}

export interface ReportParts {
  readonly channel: Channel;
  readonly files: DataFiles;
  readonly quota: FileQuota;
  readonly limits: Limits;
}

/** Files are sent on every so many milliseconds, or more seldom where that takes more than a twentieth of the time. */
const stepEvery = 3000;
const stepShare = 20;
const step: Settled = { quietFor: 2000, most: 32 << 20 };

export function createRunReport({ channel, files, quota, limits }: ReportParts): RunReport {
  let id: number | undefined;
  let figures = 0;
  let figureBytes = 0;
  let figuresLeftOut = 0;
  let refusedBefore = 0;
  let nextStep = 0;
  const output = createOutput(limits.outputBytes, (bytes) => channel.send({ type: 'output', id }, bytes));

  /** Those that are gone first: the other side must never hold more than there is room for. */
  function sendFiles({ removed, written }: Changes): void {
    if (removed.length > 0) channel.send({ type: 'removed', id, paths: [...removed] });
    for (const { path, bytes } of written) channel.send({ type: 'file', id, path }, bytes);
  }

  function sendAll(): object {
    output.end();
    const changes = files.takeChanges();
    sendFiles(changes);
    return {
      id,
      cut: output.cut,
      figuresLeftOut,
      filesLeftOut: changes.leftOut,
      unnamed: changes.unnamed,
      full: quota.refused > refusedBefore,
    };
  }

  return {
    begin(run) {
      id = run;
      figures = figureBytes = figuresLeftOut = 0;
      refusedBefore = quota.refused;
      nextStep = host.now() + stepEvery;
      output.begin();
      beforeLeaving(() => channel.send({ type: 'rescued', ...sendAll() }));
    },
    print: output.write,
    hasRoomForFigure() {
      const room = figures < limits.figures && figureBytes < limits.figureBytes;
      if (!room) figuresLeftOut += 1;
      return room;
    },
    figure(png) {
      if (id === undefined) return;
      if (figures >= limits.figures || figureBytes + png.length > limits.figureBytes) {
        figuresLeftOut += 1;
        return;
      }
      figures += 1;
      figureBytes += png.length;
      channel.send({ type: 'image', id }, png);
    },
    look() {
      if (id === undefined) return;
      output.flush();
      const began = host.now();
      if (began < nextStep) return;
      sendFiles(files.takeChanges(step));
      const now = host.now();
      nextStep = now + Math.max(stepEvery, (now - began) * stepShare);
    },
    end(end, tail, interrupts) {
      channel.send({ type: 'done', end, interrupts, ...sendAll() }, tail);
      id = undefined;
      beforeLeaving(() => {});
    },
  };
}
