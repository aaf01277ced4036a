import { arrayField, stringField } from '../core/json.ts';

/** What survives a reload of the panel. The host reads `sessionId` from it to find the session again. */
export interface Remembered {
  readonly sessionId: string | undefined;
  /** Text in the composer that has not been sent. */
  readonly draft: string;
  /** Steps that the person closed. */
  readonly collapsed: readonly string[];
  /** Code of steps that the person is changing, by step. */
  readonly edits: readonly (readonly [string, string])[];
}

const LONGEST_DRAFT = 100_000;
const MOST_COLLAPSED = 1_000;
const MOST_EDITS = 10;

/** Reads what was remembered; anything unexpected counts as nothing. */
export function parseRemembered(value: unknown): Remembered {
  return {
    sessionId: stringField(value, 'sessionId'),
    draft: stringField(value, 'draft') ?? '',
    collapsed: (arrayField(value, 'collapsed') ?? []).filter((key) => typeof key === 'string'),
    edits: (arrayField(value, 'edits') ?? []).filter(isEdit),
  };
}

function isEdit(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

/** What the person did to the page, kept across reloads. */
export class Memory {
  #sessionId: string | undefined;
  #draft: string;
  readonly #collapsed: Set<string>;
  readonly #edits: Map<string, string>;
  readonly #save: (state: Remembered) => void;

  constructor(remembered: Remembered, save: (state: Remembered) => void) {
    this.#sessionId = remembered.sessionId;
    this.#draft = remembered.draft;
    this.#collapsed = new Set(remembered.collapsed);
    this.#edits = new Map(remembered.edits);
    this.#save = save;
  }

  get draft(): string {
    return this.#draft;
  }

  set draft(text: string) {
    this.#draft = text.length > LONGEST_DRAFT ? '' : text;
    this.#write();
  }

  set sessionId(id: string) {
    if (id === this.#sessionId) return;
    this.#sessionId = id;
    this.#write();
  }

  isCollapsed(key: string): boolean {
    return this.#collapsed.has(key);
  }

  setCollapsed(key: string, collapsed: boolean): void {
    if (collapsed) this.#collapsed.add(key);
    else this.#collapsed.delete(key);
    this.#write();
  }

  /** The code of a step as the person is changing it; undefined where they are not. */
  editOf(key: string): string | undefined {
    return this.#edits.get(key);
  }

  setEdit(key: string, code: string | undefined): void {
    this.#edits.delete(key);
    if (code !== undefined && code.length <= LONGEST_DRAFT) this.#edits.set(key, code);
    this.#write();
  }

  #write(): void {
    const collapsed = [...this.#collapsed].slice(-MOST_COLLAPSED);
    const edits = [...this.#edits].slice(-MOST_EDITS);
    this.#save({ sessionId: this.#sessionId, draft: this.#draft, collapsed, edits });
  }
}
