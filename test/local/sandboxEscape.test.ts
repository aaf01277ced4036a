/** A first short battery: code that tries to leave the locked child. A listener and a file count what got out. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python } from '../../src/local/python.ts';
import { sandboxParts } from '../support/sandboxParts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'escape-'));
const mark = path.join(folder, 'mark');
const secret = path.join(folder, 'secret.txt');
let hits = 0;
let server: Server;
let port = 0;
let python: Python;

before(async () => {
  writeFileSync(secret, 'the secret of the host');
  process.env['SECRET_OF_THE_HOST'] = 'the secret of the host';
  server = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
  python = await startPython(await sandboxParts());
});

after(async () => {
  await python.close();
  server.close();
  delete process.env['SECRET_OF_THE_HOST'];
  rmSync(folder, { recursive: true, force: true });
});

/** Each prints what it got hold of; "OUT" says that it reached a thing of Node's. */
const attempts: Record<string, string> = {
  'a shell command': 'import os\nprint(os.system("touch MARK"), os.popen("cat SECRET").read())',
  'a subprocess': 'import subprocess\nsubprocess.run("touch MARK", shell=True)',
  'posix_spawn and exec':
    'import os\ntry: os.posix_spawn("/bin/sh", ["sh", "-c", "touch MARK"], {})\nexcept Exception: pass\nos.execv("/bin/sh", ["sh", "-c", "touch MARK"])',
  'a host file': 'print(open("SECRET").read())',
  'writing a host file': 'open("MARK", "w").write("x")',
  'process of js': 'from js import process\nprint("OUT", process.pid)',
  'names of js':
    'import js\nfor name in ("process", "require", "fetch", "globalThis", "Function", "eval", "WebSocket", "Object"):\n    if hasattr(js, name): print("OUT", name)',
  'the Function constructor':
    'from pyodide.ffi import to_js\nto_js([]).constructor.constructor("return globalThis")()\nprint("OUT")',
  'an async function’s constructor':
    'import pyodide_js\npyodide_js.runPythonAsync.constructor("return 1")()\nprint("OUT")',
  run_js: 'from pyodide.code import run_js\nrun_js("1")\nprint("OUT")',
  'a script by ctypes':
    'import ctypes\nctypes.CDLL(None).emscripten_run_script(b"globalThis.OUT = 1")\nprint("OUT")',
  'the global object':
    'from pyodide.ffi import to_js\nf = to_js([]).constructor.constructor\ng = f.prototype.call.call(f.prototype.valueOf)\nprint("OUT" if g is not None and hasattr(g, "process") else "")',
  mountNodeFS:
    'import pyodide_js\npyodide_js.mountNodeFS("/mnt/host", "/")\nimport os\nprint("OUT", os.listdir("/mnt/host"))',
  'NODEFS by hand':
    'import pyodide_js, os\nfrom pyodide.ffi import to_js\nF = pyodide_js.FS\nos.makedirs("/mnt/h", exist_ok=True)\nF.mount(F.filesystems.NODEFS, to_js({"root": "/"}), "/mnt/h")\nprint("OUT", os.listdir("/mnt/h"))',
  'a socket': 'import socket\nsocket.create_connection(("127.0.0.1", PORT), timeout=1)',
  urllib: 'import urllib.request\nurllib.request.urlopen("http://127.0.0.1:PORT/", timeout=1)',
  open_url: 'from pyodide.http import open_url\nopen_url("http://127.0.0.1:PORT/")',
  pyfetch: 'from pyodide.http import pyfetch\nawait pyfetch("http://127.0.0.1:PORT/")',
  loadPackage:
    'import pyodide_js\nawait pyodide_js.loadPackage("http://127.0.0.1:PORT/x-1.0-py3-none-any.whl")',
  'asyncio connection': 'import asyncio\nawait asyncio.open_connection("127.0.0.1", PORT)',
  'the node sockets':
    'import pyodide_js\nawait pyodide_js.useNodeSockFS()\nimport socket\nsocket.create_connection(("127.0.0.1", PORT))',
  environment: 'import os\nprint({k: v for k, v in os.environ.items() if "SECRET" in k or "secret" in v})',
  'killing the parent': 'import os, signal\nos.kill(os.getppid(), signal.SIGKILL)',
  'callers on the stack':
    'import pyodide_js\nf = pyodide_js.runPython\nprint("OUT" if f.caller is not None or f.arguments is not None else "")',
  'a module loaded by name':
    'import pyodide_js\nm = pyodide_js._module\nfor name in ("require", "fs", "process", "NODEFS"):\n    if getattr(m, name, None) is not None and name != "NODEFS": print("OUT", name)',
};

for (const [name, template] of Object.entries(attempts)) {
  test(`does not get out: ${name}`, async () => {
    if (!python.alive) python = await startPython(await sandboxParts());
    const before = hits;
    const code = template
      .replaceAll('MARK', mark)
      .replaceAll('SECRET', secret)
      .replaceAll('PORT', String(port));
    const outcome = await python.run(code, { timeoutSeconds: 10 });
    const said = outcome.logs.replaceAll(/^ .*$/gm, '');
    assert.doesNotMatch(
      said,
      /\bOUT\b|the secret of the host|SyntaxError|NameError: name '[a-z]/,
      outcome.logs,
    );
    assert.ok(!existsSync(mark), 'a file was made on the host');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(hits, before, 'a connection was made');
  });
}

test('the shared prototypes take nothing, so messages stay what they are', async () => {
  const fresh = await startPython(await sandboxParts());
  const code = [
    'from pyodide.ffi import to_js, create_proxy',
    'P = to_js([]).constructor.prototype',
    'O = P.constructor.getPrototypeOf if hasattr(P.constructor, "getPrototypeOf") else None',
    'for target in (P, P.constructor, P.constructor.constructor.prototype):',
    '    for name in ("toJSON", "toString", "map", "then", "push"):',
    '        try:',
    '            setattr(target, name, create_proxy(lambda *a: {"type": "done", "end": "ok"}))',
    '            print("OUT", name)',
    '        except BaseException: pass',
  ].join('\n');
  const outcome = await fresh.run(code, { timeoutSeconds: 10 });
  assert.equal(outcome.logs, '');
  assert.equal(outcome.end, 'ok');
  assert.equal((await fresh.run('[1, 2]', { timeoutSeconds: 10 })).logs, '[1, 2]\n');
  await fresh.close();
});

test('no object of Node’s is reachable from what Python is given', async () => {
  const code = [
    'import js, pyodide_js',
    'from pyodide.ffi import JsProxy, to_js',
    'seen, queue, found, n = [], [("pyodide_js", pyodide_js._module), ("api", pyodide_js._api), ("array", to_js([])), ("js", js)], [], 0',
    'bad = {"getBuiltinModule", "binding", "reallyExit", "execPath", "spawnSync", "readFileSync", "createConnection", "registerHooks", "mainModule"}',
    'import time',
    'end = time.monotonic() + 6',
    'ids = set()',
    'while queue and time.monotonic() < end:',
    '    name, o = queue.pop(0)',
    '    if o.js_id in ids: continue',
    '    ids.add(o.js_id); n += 1',
    '    try: names = dir(o)',
    '    except BaseException: continue',
    '    for key in names:',
    '        if key in bad: found.append(f"{name}.{key}")',
    '        if key.startswith("__") or name.count(".") > 5: continue',
    '        try: value = getattr(o, key)',
    '        except BaseException: continue',
    '        if isinstance(value, JsProxy): queue.append((f"{name}.{key}", value))',
    'print(found, n > 1000)',
  ].join('\n');
  const fresh = await startPython(await sandboxParts());
  const outcome = await fresh.run(code, { timeoutSeconds: 30 });
  await fresh.close();
  assert.equal(outcome.logs, '[] True\n');
});
