/** Where in the file between a child and its parent each number (u32, little endian) stands, and how long it is. */
export const controlLayout = {
  /** Changes every two seconds while the parent lives. */
  heartbeat: 0,
  /** The number of the run to interrupt, or 0. */
  interrupt: 4,
  /** Not 0: the child shall leave whatever it does. */
  breakOff: 8,
  length: 12,
} as const;
