/** Why a file could not be put where it was wanted; `cause` is Node's error where there is one. */
export class SaveError extends Error {
  override readonly name = 'SaveError';
  readonly reason: 'exists' | 'outside' | 'not_writable' | 'no_folder' | 'disk_full' | 'other';

  constructor(reason: SaveError['reason'], options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}
