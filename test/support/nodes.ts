/** The Nodes that the locked Python is tested on: the pinned one, and those that scripts/setUpNodes.mjs fetches. */
import { nodePath, otherNode } from './tools.ts';

export interface TestedNode {
  /** Such as "Node 22.23.2". */
  readonly name: string;
  readonly major: number;
  /**
   * Its program.
   * @throws Error where it could not be fetched
   */
  program(): string;
  /** Why tests on it cannot run here at all, in words; undefined where they can. */
  readonly skip: string | undefined;
}

/** An older one, the pinned one, the newest one. */
export function testedNodes(): readonly TestedNode[] {
  return [fetched('older'), pinnedNode(), fetched('newest')];
}

/** The first that the product promises to run on. */
export function oldestNode(): TestedNode {
  return fetched('oldest');
}

export function pinnedNode(): TestedNode {
  return describe(process.versions.node, { path: nodePath() });
}

function fetched(which: 'oldest' | 'older' | 'newest'): TestedNode {
  const found = otherNode(which);
  return describe(String(found['version']), found);
}

function describe(version: string, found: Record<string, unknown>): TestedNode {
  const { path, absent, fault } = found;
  return {
    name: `Node ${version}`,
    major: Number(version.split('.')[0]),
    skip: typeof absent === 'string' ? absent : undefined,
    program() {
      if (typeof path !== 'string') throw new Error(String(fault));
      return path;
    },
  };
}
