import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { distribution, pip, pipIndex } from './pythonIndex.mjs';

/** The PyPI wheel that carries Pyodide's own distribution, and where in it. */
export const carrier = {
  project: 'open-webui',
  version: '0.12.4',
  file: 'open_webui-0.12.4-py3-none-any.whl',
  folder: 'open_webui/frontend/pyodide/',
};

/** What helps where a source has no wheels, or others. */
const otherSource = 'PYTHON_PACK_MIRROR may name another folder or address with the wheels.';

/** @typedef {{ file: string, sha256: string }} WantedWheel */
/** @typedef {(position: number, length: number) => Promise<Buffer>} ReadAt */

/**
 * Makes sure that every wheel is in the folder with the sha256 asked for. Each is downloaded to a temporary name.
 * @param {{ wanted: readonly WantedWheel[], dir: string, mirror?: string, log: (text: string) => void }} options
 *   `mirror`: a folder, or the address of one, that holds the wheels by file name
 * @returns {Promise<Map<string, string>>} where each wheel came from, by file name
 * @throws {Error} where a wheel cannot be had, or is not the one asked for
 */
export async function fetchWheels({ wanted, dir, mirror, log }) {
  await mkdir(dir, { recursive: true });
  const missing = [];
  for (const wheel of wanted) {
    const file = path.join(dir, wheel.file);
    if (existsSync(file) && sha256(await readFile(file)) === wheel.sha256) continue;
    missing.push(wheel);
  }
  if (missing.length > 0) await download({ missing, dir, mirror, log });
  const origins = new Map();
  for (const wheel of wanted) {
    origins.set(
      wheel.file,
      await readFile(path.join(dir, `${wheel.file}.origin`), 'utf8').catch(() => 'unknown'),
    );
  }
  return origins;
}

/**
 * @param {{ missing: readonly WantedWheel[], dir: string, mirror: string | undefined, log: (text: string) => void }}
 *   options
 */
async function download({ missing, dir, mirror, log }) {
  const index = mirror ? undefined : await pipIndex();
  // Where there is no pip to name a package index, Pyodide's own distribution has the same files.
  const source = index
    ? await carrierSource(dir, log, index)
    : mirrorSource(mirror ?? (await distribution()));
  try {
    for (const [index, wheel] of missing.entries()) {
      const bytes = await source.read(wheel.file).catch((error) => {
        const why = error.cause?.code ?? error.code ?? error.message;
        throw new Error(`${wheel.file} could not be had from ${source.name} (${why}). ${otherSource}`, {
          cause: error,
        });
      });
      const found = sha256(bytes);
      if (found !== wheel.sha256) {
        throw new Error(
          `${wheel.file} from ${source.name} was refused, for it is not the pinned file: its sha256 is ${found}, not ${wheel.sha256}. ${otherSource}`,
        );
      }
      const file = path.join(dir, wheel.file);
      await writeFile(`${file}.part`, bytes);
      await rename(`${file}.part`, file);
      await writeFile(`${file}.origin`, source.name);
      log(`${index + 1} of ${missing.length}: ${wheel.file}, ${(bytes.length / 1e6).toFixed(1)} MB`);
    }
  } finally {
    await source.close();
  }
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @param {string} mirror */
function mirrorSource(mirror) {
  const remote = /^https?:\/\//.test(mirror);
  return {
    name: mirror,
    /** @param {string} file */
    read: async (file) => {
      if (!remote) return readFile(path.join(mirror, file));
      const answer = await fetch(new URL(file, mirror.endsWith('/') ? mirror : `${mirror}/`));
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    close: async () => {},
  };
}

/** @param {string} dir @param {(text: string) => void} log @param {string} index */
async function carrierSource(dir, log, index) {
  const remote = await rangeReader(index).catch((/** @type {Error} */ error) => {
    log(
      `reading parts of ${carrier.file} does not work here (${error.message}); pip downloads the whole, 106 MB`,
    );
    return undefined;
  });
  const { readAt, size, close } = remote ?? (await wholeByPip(dir));
  const members = await zipMembers(readAt, size);
  return {
    name: `PyPI: ${carrier.file}, ${carrier.folder}`,
    /** @param {string} file */
    read: async (file) => {
      const member = members.get(carrier.folder + file);
      if (!member) throw new Error(`${carrier.file} has no ${carrier.folder}${file}`);
      return zipMember(readAt, member);
    },
    close,
  };
}

async function rangeReader(/** @type {string} */ index) {
  const url = await carrierUrl(index);
  const probe = await fetch(url, { headers: { range: 'bytes=0-0' } });
  const size = Number(/\/(\d+)$/.exec(probe.headers.get('content-range') ?? '')?.[1]);
  await probe.body?.cancel();
  if (probe.status !== 206 || !Number.isSafeInteger(size))
    throw new Error('it does not answer range requests');
  /** @type {ReadAt} */
  const readAt = async (position, length) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await fetch(url, { headers: { range: `bytes=${position}-${position + length - 1}` } });
        if (answer.status !== 206) throw new Error(`it answered ${answer.status}`);
        const bytes = Buffer.from(await answer.arrayBuffer());
        if (bytes.length !== length) throw new Error(`${bytes.length} of ${length} bytes came`);
        return bytes;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  };
  return { readAt, size, close: async () => {} };
}

/** The wheel's address at the package index that pip is set up for (PEP 503 or 691). */
async function carrierUrl(/** @type {string} */ index) {
  const page = new URL(`${carrier.project}/`, index.replace(/\/*$/, '/'));
  const headers = {
    accept: 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1',
    ...credentials(page),
  };
  const answer = await fetch(page, { headers });
  if (!answer.ok) throw new Error(`the package index answered ${answer.status}`);
  const text = await answer.text();
  const found = answer.headers.get('content-type')?.includes('json')
    ? JSON.parse(text).files.find(
        (/** @type {{ filename: string }} */ file) => file.filename === carrier.file,
      )?.url
    : new RegExp(`href=["']([^"']*/${carrier.file.replaceAll('.', '\\.')})`).exec(text)?.[1];
  if (typeof found !== 'string') throw new Error(`the package index does not list ${carrier.file}`);
  return new URL(found.replaceAll('&amp;', '&'), answer.url);
}

/** fetch refuses addresses with a user name in them: it becomes a header. @param {URL} url */
function credentials(url) {
  if (!url.username) return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** @param {string} dir */
async function wholeByPip(dir) {
  const temporary = path.join(dir, 'whole.part');
  await mkdir(temporary, { recursive: true });
  const args = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    '3.12',
    '--dest',
    temporary,
  ];
  try {
    await pip([...args, `${carrier.project}==${carrier.version}`]);
  } catch (error) {
    throw new Error(
      `The Python packages could not be downloaded: neither the package index nor pip gave ${carrier.file}. ` +
        otherSource,
      { cause: error },
    );
  }
  const name = (await readdir(temporary)).find((file) => file === carrier.file);
  if (!name) throw new Error(`pip did not give ${carrier.file}`);
  const file = path.join(temporary, name);
  const handle = await open(file);
  /** @type {ReadAt} */
  const readAt = async (position, length) => {
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, position);
    return bytes;
  };
  const close = async () => {
    await handle.close();
    await rm(temporary, { recursive: true, force: true });
  };
  return { readAt, size: (await stat(file)).size, close };
}

/**
 * @typedef {{ name: string, method: number, packed: number, size: number, offset: number }} ZipMember
 * @param {ReadAt} readAt
 * @param {number} size
 * @returns {Promise<Map<string, ZipMember>>}
 */
async function zipMembers(readAt, size) {
  const tailLength = Math.min(size, 65_557);
  const tail = await readAt(size - tailLength, tailLength);
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${carrier.file} is not a zip file`);
  const directory = await readAt(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const members = new Map();
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    members.set(name, {
      name,
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}

/** @param {ReadAt} readAt @param {ZipMember} member */
async function zipMember(readAt, member) {
  const header = await readAt(member.offset, 30);
  const start = member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await readAt(start, member.packed);
  return member.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: member.size });
}

/**
 * What a wheel on disk holds.
 * @param {string} file
 * @returns {Promise<Map<string, () => Promise<Buffer>>>} how to read each member, by name
 */
export async function wheelMembers(file) {
  const bytes = await readFile(file);
  /** @type {ReadAt} */
  const readAt = async (position, length) => bytes.subarray(position, position + length);
  const members = await zipMembers(readAt, bytes.length);
  return new Map([...members].map(([name, member]) => [name, () => zipMember(readAt, member)]));
}

/** The sha256 of a file too large to hold. @param {string} file @returns {Promise<string>} */
export async function fileSha256(file) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex');
}
