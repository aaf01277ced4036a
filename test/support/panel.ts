import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { waitFor } from './processes.ts';
import type { VsCode } from './vscode.ts';

/** ms for a run to end: the first one starts Python, on a machine that does other things too. */
const RUN_TIMEOUT = 90_000;

/** The session that is in front, as a person sees it. */
export class Panel {
  readonly #vscode: VsCode;

  constructor(vscode: VsCode) {
    this.#vscode = vscode;
  }

  get frame(): FrameLocator {
    return this.#vscode.workbench.panelFrame();
  }

  /** The latest exchange. */
  get run(): Locator {
    return this.frame.locator('article.run').last();
  }

  async runCount(): Promise<number> {
    return this.frame.locator('article.run').count();
  }

  /** Sends a message from the composer, which may have several lines; resolves when its exchange is on screen. */
  async ask(prompt: string): Promise<void> {
    const before = await this.runCount();
    await this.frame.locator('.composer-input').fill(prompt);
    await this.frame.locator('.composer-input').press('Enter');
    await waitFor(async () => (await this.runCount()) > before, {
      what: 'the new exchange',
      timeout: 20_000,
    });
  }

  /** Resolves when something that was done elsewhere has added an exchange to the `before` there were, and it ended. */
  async next(before: number): Promise<void> {
    await waitFor(async () => (await this.runCount()) > before, {
      what: 'the new exchange',
      timeout: 20_000,
    });
    await this.ended();
  }

  /** Resolves when the latest exchange has come to an end. */
  async ended(): Promise<void> {
    await this.frame.locator('.composer:not(.active)').waitFor({ timeout: RUN_TIMEOUT });
    await this.run
      .locator('.footer, .ending, .error-box')
      .locator('visible=true')
      .first()
      .waitFor({ timeout: RUN_TIMEOUT });
  }

  async askAndWait(prompt: string): Promise<void> {
    await this.ask(prompt);
    await this.ended();
  }

  code(): Promise<string> {
    return this.run.locator('.step .step-body').first().innerText();
  }

  logs(): Promise<string> {
    return this.run.locator('.step-logs').last().innerText();
  }

  text(): Promise<string> {
    return this.run.innerText();
  }

  /** Waits until every picture of the latest exchange is painted; their sizes in the picture's own pixels. */
  async pictures(): Promise<
    readonly { readonly width: number; readonly height: number; readonly alt: string }[]
  > {
    const images = this.run.locator('img.picture-image');
    await images.first().waitFor({ timeout: 30_000 });
    const painted = () =>
      images.evaluateAll((found) =>
        found.map((image) => {
          const { naturalWidth: width, naturalHeight: height, alt } = image as HTMLImageElement;
          return { width, height, alt };
        }),
      );
    return waitFor(
      async () => {
        const sizes = await painted();
        return sizes.length > 0 && sizes.every(({ width }) => width > 0) ? sizes : undefined;
      },
      { what: 'the pictures', timeout: 20_000 },
    );
  }

  /** Presses a button of the latest exchange by its spoken name. */
  async press(name: string | RegExp): Promise<void> {
    await this.run.getByRole('button', { name }).first().click();
  }

  async stop(): Promise<void> {
    await this.frame.locator('.send-button.stop').click();
  }

  /** The names in the list of files made. */
  async files(): Promise<string[]> {
    return this.run.locator('.file-row .file-name').allInnerTexts();
  }
}

/** A prompt that runs this Python as it is. */
export function python(code: string): string {
  return `\`\`\`python\n${code}\n\`\`\``;
}

/** The SHA-256 that a run printed as `sha256 <hex>`. */
export function printedHash(logs: string): string {
  const hash = /sha256 ([0-9a-f]{64})/.exec(logs)?.[1];
  assert.ok(hash, `no hash was printed: ${logs}`);
  return hash;
}
