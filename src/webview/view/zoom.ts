/** How large a picture is shown: as the room allows, or its own size times a number. */
export type Zoom = 'fit' | number;

/** The sizes that the buttons and keys lead through. */
const STEPS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The factor at which the whole picture is seen; never above its own size. */
export function fitting(picture: Size, room: Size): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  return Math.min(1, room.width / picture.width, room.height / picture.height);
}

/** The next larger or smaller size. @param now the factor that is seen, whatever led to it */
export function stepped(now: number, direction: 1 | -1): number {
  const larger = STEPS.find((step) => step > now * 1.01) ?? now;
  const smaller = STEPS.findLast((step) => step < now * 0.99) ?? now;
  return direction === 1 ? larger : smaller;
}

/**
 * Where to scroll so that what was seen at `at` stays there when the picture grows from `before` to `after`; all in
 * pixels along one side.
 */
export function scrollFor(scroll: number, at: number, before: number, after: number): number {
  return before <= 0 ? 0 : Math.max(0, ((scroll + at) * after) / before - at);
}
