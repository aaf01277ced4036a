import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { makeContainer, runCode } from '../support/codeRun.ts';
import { isRecord, parseJson } from '../support/json.ts';
import { startLocalGateway } from '../support/localGateway.ts';
import { nodePath, pythonPackDir, root } from '../support/tools.ts';
import { startWheelMirror, type WheelMirror } from '../support/wheelMirror.ts';

interface Manifest {
  readonly packages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  readonly sources: Readonly<Record<string, string>>;
}

describe('the Python pack', () => {
  let wheels: string;
  let manifest: Manifest;
  let notices: string;

  before(async () => {
    const dir = pythonPackDir();
    manifest = readManifest(dir);
    notices = readFileSync(path.join(dir, 'NOTICES'), 'utf8');
    wheels = await wheelsOf(manifest);
  });

  it('is the same from run to run, from a mirror too, and leaves nothing else behind', async (t) => {
    const { cache, mirror } = await place(t, wheels);
    const { stdout } = await makePack(cache, mirror.url);
    const dir = stdout.trim();
    const made = readManifest(dir);
    assert.deepEqual(made.files['python.pack'], manifest.files['python.pack']);
    assert.deepEqual([made.packages, made.sources], [manifest.packages, manifest.sources]);
    const names = Object.keys(manifest.sources);
    const text = readFileSync(path.join(dir, 'NOTICES'), 'utf8');
    assert.equal(text.split(`\nTaken from: ${mirror.url} (`).length - 1, names.length);
    assert.equal(withoutOrigins(text), withoutOrigins(notices));
    assert.deepEqual(mirror.asked.toSorted(), names.toSorted());
    const expected = [
      ...['NOTICES', 'manifest.json', 'python.pack'].map((name) => path.join(dir, name)),
      ...names.flatMap((name) => [name, `${name}.origin`]).map((name) => path.join(cache, 'wheels', name)),
    ];
    assert.deepEqual(filesBelow(cache).toSorted(), expected.toSorted());
  });

  const first = (name: string): boolean => name.startsWith('contourpy-');

  it('is not made from a file with another checksum', async (t) => {
    const { cache, mirror } = await place(t, wheels, (name, bytes) => {
      if (first(name)) bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      return bytes;
    });
    const sentence = await refusal(cache, mirror.url);
    assert.match(
      sentence,
      /^contourpy-\S+\.whl from http:\S+ was refused, for it is not the pinned file: its sha256 is [0-9a-f]{64}, not [0-9a-f]{64}\. PYTHON_PACK_MIRROR may name another folder or address with the wheels\.$/,
    );
    assert.ok(sentence.includes(manifest.sources[mirror.asked[0] ?? ''] ?? 'no such wheel'));
    assert.deepEqual(filesBelow(cache), []);
  });

  it('says which file a mirror does not have', async (t) => {
    const { cache, mirror } = await place(t, wheels, (name, bytes) => (first(name) ? undefined : bytes));
    assert.match(
      await refusal(cache, mirror.url),
      /^contourpy-\S+\.whl could not be had from http:\S+ \(it answered 404\)\. PYTHON_PACK_MIRROR may name /,
    );
    assert.match(
      await refusal(cache, path.join(cache, 'nowhere')),
      /^contourpy-\S+\.whl could not be had from .+nowhere \(ENOENT\)\. PYTHON_PACK_MIRROR may name /,
    );
    mirror.close();
    assert.match(
      await refusal(cache, mirror.url),
      /^contourpy-\S+\.whl could not be had from http:\S+ \(ECONNREFUSED\)\. PYTHON_PACK_MIRROR may name /,
    );
    assert.deepEqual(filesBelow(cache), []);
  });

  it('has a notice for each part: version, licence with its text, origin and checksum', () => {
    const sections = new Map(
      notices
        .split(/^={100}\n/m)
        .slice(1)
        .map((section) => [section.slice(0, section.indexOf('\n')), section]),
    );
    for (const [name, version] of Object.entries(manifest.packages)) {
      const section = sections.get(`${name} ${version}`) ?? '';
      assert.match(section, /^Licence: (?!see ).+$/m, name);
      assert.match(
        section,
        /^--- \S*(licen[cs]e|copying)\S*\n\n[\s\S]{200}/im,
        `${name}: text of the licence`,
      );
      const [, file = '', sum] =
        /^Taken from: (?!unknown).+ \((\S+\.whl)\)\nsha256: (\w+)$/m.exec(section) ?? [];
      assert.equal(sum, manifest.sources[file], name);
      sections.delete(`${name} ${version}`);
    }
    const [[title, pyodide] = ['', '']] = sections;
    assert.match(title, /^Pyodide \d/);
    assert.match(pyodide, /^Licence: MPL-2\.0 .*\nSource: https:.*npm package/m);
    assert.equal(sections.size, 1);
  });

  it('names the versions of libraries that are really inside', async (t) => {
    const gateway = await startLocalGateway();
    t.after(() => gateway.close());
    const { logs } = await runCode(gateway, await makeContainer(gateway), versionsInside);
    const found = parseJson(logs);
    assert.ok(isRecord(found));
    for (const [name, version] of Object.entries(found)) {
      assert.ok(notices.includes(`\n- ${name}, ${version}, `), `${name} ${version}`);
    }
  });
});

const versionsInside = `
import _decimal, json, platform, pyexpat, sqlite3, zlib
from compression import zstd
from PIL import features

print(json.dumps({
    'CPython, with its standard library': platform.python_version(),
    'Expat': pyexpat.EXPAT_VERSION.removeprefix('expat_'),
    'FreeType': features.version('freetype2'),
    'LibTIFF': features.version('libtiff'),
    'SQLite': sqlite3.sqlite_version,
    'Zstandard': zstd.zstd_version,
    'libjpeg of the Independent JPEG Group': features.version('jpg'),
    'libmpdec': _decimal.__libmpdec_version__,
    'libwebp': features.version('webp'),
    'zlib': zlib.ZLIB_RUNTIME_VERSION,
}))
`;

interface After {
  after(work: () => void): void;
}

/** An empty cache and a mirror of the wheels, both for one test. */
async function place(
  t: After,
  wheels: string,
  change?: (name: string, bytes: Buffer) => Buffer | undefined,
): Promise<{ readonly cache: string; readonly mirror: WheelMirror }> {
  const cache = mkdtempSync(path.join(tmpdir(), 'python-pack-'));
  const mirror = await startWheelMirror(wheels, change);
  t.after(() => {
    mirror.close();
    rmSync(cache, { recursive: true, force: true });
  });
  return { cache, mirror };
}

function makePack(cache: string, mirror: string): Promise<{ stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    CODE_INTERPRETER_CACHE: cache,
    PYTHON_PACK_MIRROR: mirror,
    // Nothing of the machine may be in what is made: neither its zone nor its language, home or folder.
    TZ: 'Pacific/Apia',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'de_DE.UTF-8',
    HOME: cache,
  };
  const program = path.join(root, 'scripts', 'pythonPack.mjs');
  return promisify(execFile)(nodePath(), [program], { cwd: cache, env });
}

/** The last thing said by a making that fails. */
async function refusal(cache: string, mirror: string): Promise<string> {
  const error = await makePack(cache, mirror).then(
    () => assert.fail('the pack was made'),
    (found: { code?: unknown; stderr?: string }) => found,
  );
  assert.equal(error.code, 1);
  return (error.stderr ?? '').trimEnd().split('\n').at(-1) ?? '';
}

/** The folder with the wheels the pack was made of, downloaded again where somebody removed them. */
async function wheelsOf({ sources }: Manifest): Promise<string> {
  const load = (name: string): Promise<unknown> => import(path.join(root, 'scripts', name));
  const { cacheDir } = (await load('cache.mjs')) as { cacheDir(...parts: string[]): string };
  const { fetchWheels } = (await load('pythonWheels.mjs')) as {
    fetchWheels(order: { wanted: object[]; dir: string; log(text: string): void }): Promise<unknown>;
  };
  const dir = cacheDir('wheels');
  const wanted = Object.entries(sources).map(([file, sha256]) => ({ file, sha256 }));
  await fetchWheels({ wanted, dir, log: () => {} });
  return dir;
}

function readManifest(dir: string): Manifest {
  return parseJson(readFileSync(path.join(dir, 'manifest.json'), 'utf8')) as Manifest;
}

/** Where a part came from is the one thing that may differ. */
function withoutOrigins(text: string): string {
  return text.replace(/^Taken from: .* \(/gm, 'Taken from: (');
}

function filesBelow(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
