/** How the child says, with nothing but its exit code, why it ended itself. Read by the parent. */
export const exitCodes = {
  /** The parent is gone. */
  orphan: 70,
  /** More memory was held than allowed. */
  memory: 71,
  /** Python or Pyodide broke beyond use. */
  broken: 72,
  /** The code ended the process itself (`os._exit`). */
  exited: 73,
  /** The child could not start. */
  unstarted: 74,
} as const;
