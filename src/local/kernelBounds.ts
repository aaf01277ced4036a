/**
 * What the kernel holds a child to, on Linux and macOS: its limits of resources, and that it does not outlive this
 * process. Both are set by a shell that then becomes the child, because Node cannot. On Windows libuv's job object ends
 * children with their parent.
 */
import { existsSync } from 'node:fs';
import type { Limits } from './sandbox/limits.ts';

/** The descriptor of the pipe on which the child's guard listens. */
export const lifeline = 6;
/** Written to the pipe, this says that the child has ended and nothing is left to guard. */
export const lifelineEnd = 'end\n';

const shell = '/bin/sh';

/**
 * Writable memory that V8 claims of the kernel beyond what the process holds: 110 MiB with Node 22, 560 to 640 MiB with
 * 24 and 26 (measured), here with room to spare, so that this looser bound never meets an honest child before its own
 * limits do.
 */
const claimedBeyond = 1024 * 2 ** 20;

/** Whether children are started with these bounds, and need the pipe {@link lifeline}. */
export const hasKernelBounds = process.platform !== 'win32' && existsSync(shell);

/**
 * The command that sets the bounds and then becomes the one given. No other user's processes count in any of them: a
 * bound on processes would (RLIMIT_NPROC counts all of the user's), so there is none.
 *
 * The guard is a second, tiny process: it waits for the pipe to close, which happens when this process dies, however
 * that comes about, and ends the child, which at that time may be deep in C and look at nothing.
 */
export function boundCommand(command: readonly string[], { memoryBytes }: Limits): readonly string[] {
  const bounds = [
    // No core dumps, no files, few descriptors.
    'ulimit -c 0',
    'ulimit -f 0',
    'ulimit -n 64',
    // All writable memory, in KiB. Only Linux counts memory that is mapped.
    ...(process.platform === 'linux' ? [`ulimit -d ${Math.ceil((memoryBytes + claimedBeyond) / 1024)}`] : []),
  ];
  const script = [
    ...bounds.map((bound) => `${bound} 2>/dev/null`),
    `(read -r end; [ "$end" ] || kill -9 $$) <&${lifeline} >/dev/null 2>&1 3<&- 4<&- 5<&- ${lifeline}<&- &`,
    `exec "$@" ${lifeline}<&-`,
  ].join('\n');
  return [shell, '-c', script, 'sh', ...command];
}
