import { numberedName, safeFileName } from '../../core/fileNames.ts';
import type { Attachment } from '../../core/session.ts';
import type { InputFile } from '../session/inputs.ts';

/** What browsers call every picture that has no file. */
const NAMELESS = /^image\.(\w{1,5})$/i;

/**
 * A file that was pasted or dropped, and is nowhere to be read again.
 *
 * @param attached those that wait already: two pictures must not have one name
 */
export function pastedFile(
  name: string,
  bytes: ArrayBuffer,
  attached: readonly Attachment[],
  now: Date = new Date(),
): InputFile {
  const kind = NAMELESS.exec(name)?.[1];
  const wanted = kind === undefined ? safeFileName(name) : `pasted-${clockOf(now)}.${kind.toLowerCase()}`;
  const taken = new Set(attached.map((other) => other.name));
  let free = wanted;
  for (let number = 2; taken.has(free); number++) free = numberedName(wanted, number);
  return { name: free, bytes: new Uint8Array(bytes), uri: undefined };
}

/** Such as `160509`: a session would take two pictures of one name for versions of the same. */
function clockOf(now: Date): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join('');
}
