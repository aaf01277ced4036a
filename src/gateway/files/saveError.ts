/** Why a file could not be put where it was wanted; `cause` is Node's error where there is one. */
export class SaveError extends Error {
  override readonly name = 'SaveError';
  readonly reason: SaveErrorReason;

  constructor(reason: SaveErrorReason, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

export type SaveErrorReason =
  | 'exists'
  /** Something else than what the person chose is, or has come, where the file was to go. */
  | 'outside'
  | 'not_writable'
  /** The file to be replaced is held by another program, or may not be changed. */
  | 'locked'
  | 'no_folder'
  | 'disk_full'
  /** The file system has no room for a file of this size, or the folder takes only what fits into memory. */
  | 'too_large'
  | 'other';

/** What an error of Node's file system means for saving. A SaveError is given back as it is. */
export function saveError(error: unknown): SaveError {
  if (error instanceof SaveError) return error;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return new SaveError(REASONS[code ?? ''] ?? 'other', { cause: error });
}

/** By errno(3). */
const REASONS: Readonly<Record<string, SaveErrorReason>> = {
  EEXIST: 'exists',
  EISDIR: 'exists',
  EACCES: 'not_writable',
  EPERM: 'not_writable',
  EROFS: 'not_writable',
  EBUSY: 'locked',
  ETXTBSY: 'locked',
  ENOENT: 'no_folder',
  ENOTDIR: 'no_folder',
  ELOOP: 'outside',
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EFBIG: 'too_large',
};
