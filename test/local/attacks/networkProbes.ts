/** Attacks on the network. A TCP and a UDP listener of the machine count what arrives. */
import type { Probe } from '../../support/attacks.ts';

const address = '("127.0.0.1", TCP_PORT)';

export const networkProbes: readonly Probe[] = [
  { name: 'a socket', code: `import socket\nsocket.create_connection(${address}, timeout=1)` },
  {
    name: 'a datagram',
    code: 'import socket\nsocket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", UDP_PORT))',
  },
  {
    name: 'a connected datagram',
    code: 'import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\ns.connect(("127.0.0.1", UDP_PORT))\ns.send(b"x")',
  },
  {
    name: 'a socket that does not wait',
    code: `import asyncio, socket
s = socket.socket()
s.setblocking(False)
try: s.connect(${address})
except OSError as error: print(error)
await asyncio.sleep(0.1)
s.send(b'x')`,
  },
  {
    name: 'listening',
    code: `import socket
s = socket.socket()
s.bind(('127.0.0.1', 0)); s.listen(); s.settimeout(0.2)
s.accept()
reached('a listener')`,
  },
  {
    name: 'a server',
    code: 'import socketserver\nsocketserver.TCPServer(("127.0.0.1", 0), None).handle_request()\nreached("a server")',
  },
  {
    name: 'a raw socket',
    code: 'import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)\ns.sendto(b"x", ("127.0.0.1", 1))\nreached("raw")',
  },
  {
    name: 'a local socket',
    code: 'import socket\nsocket.socket(socket.AF_UNIX).connect("/var/run/docker.sock")\nreached("docker")',
  },
  {
    name: 'urllib',
    code: 'import urllib.request\nurllib.request.urlopen("http://127.0.0.1:TCP_PORT/", timeout=1)',
  },
  {
    name: 'http.client',
    code: 'import http.client\nhttp.client.HTTPConnection("127.0.0.1", TCP_PORT, timeout=1).request("GET", "/")',
  },
  { name: 'pandas', code: 'import pandas\npandas.read_csv("http://127.0.0.1:TCP_PORT/x.csv")' },
  { name: 'ftplib', code: 'import ftplib\nftplib.FTP().connect("127.0.0.1", TCP_PORT, 1)' },
  { name: 'smtplib', code: 'import smtplib\nsmtplib.SMTP("127.0.0.1", TCP_PORT, timeout=1)' },
  {
    name: 'logging to a socket',
    code: 'import logging.handlers as h, logging\nh.SocketHandler("127.0.0.1", TCP_PORT).emit(logging.makeLogRecord({}))\nh.DatagramHandler("127.0.0.1", UDP_PORT).emit(logging.makeLogRecord({}))',
  },
  { name: 'asyncio streams', code: 'import asyncio\nawait asyncio.open_connection("127.0.0.1", TCP_PORT)' },
  {
    name: 'asyncio datagrams',
    code: 'import asyncio\nt, _ = await asyncio.get_event_loop().create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=("127.0.0.1", UDP_PORT))\nt.sendto(b"x")',
  },
  { name: 'pyfetch', code: 'from pyodide.http import pyfetch\nawait pyfetch("http://127.0.0.1:TCP_PORT/")' },
  { name: 'open_url', code: 'from pyodide.http import open_url\nopen_url("http://127.0.0.1:TCP_PORT/")' },
  { name: 'pyxhr', code: 'from pyodide.http import pyxhr\npyxhr.get("http://127.0.0.1:TCP_PORT/")' },
  { name: 'fetch of js', code: 'from js import fetch\nawait fetch("http://127.0.0.1:TCP_PORT/")' },
  { name: 'WebSocket of js', code: 'from js import WebSocket\nWebSocket.new("ws://127.0.0.1:TCP_PORT/")' },
  {
    name: 'a package from an address',
    code: 'import pyodide_js\nawait pyodide_js.loadPackage("http://127.0.0.1:TCP_PORT/x-1.0-py3-none-any.whl")',
  },
  {
    name: 'the sockets of Node that Pyodide knows',
    code: `import pyodide_js
await pyodide_js.useNodeSockFS()
import socket
socket.create_connection(${address})`,
  },
  {
    name: 'the settings of Emscripten’s sockets',
    code: `import pyodide_js, socket
pyodide_js._module.websocket.url = 'ws://127.0.0.1:TCP_PORT/'
socket.create_connection(${address})`,
  },
  {
    name: 'connect of the C library',
    code: `import struct
libc = ctypes.CDLL(None)
for kind, port in ((1, TCP_PORT), (2, UDP_PORT)):
    s = libc.socket(2, kind, 0)
    to = struct.pack('<H', 2) + struct.pack('>H', port) + bytes([127, 0, 0, 1]) + bytes(8)
    print(s, libc.connect(s, to, 16), libc.sendto(s, b'x', 1, 0, to, 16))`,
  },
  {
    name: 'looking up a name',
    code: 'import socket\nif socket.gethostbyname("HOST_NAME").startswith("127."): reached("the hosts file")',
  },
  { name: 'own addresses', code: 'import socket\nprint(socket.if_nameindex())\nreached("interfaces")' },
];

/** Functions of Emscripten’s library that would fetch: each may end its Python. */
export const fatalNetworkProbes: readonly Probe[] = [
  'emscripten_wget(b"http://127.0.0.1:TCP_PORT/x", b"/tmp/x")',
  'emscripten_wget_data(b"http://127.0.0.1:TCP_PORT/x", None, None, None)',
  'emscripten_async_wget(b"http://127.0.0.1:TCP_PORT/x", b"/tmp/x", None, None)',
  'emscripten_async_load_script(b"http://127.0.0.1:TCP_PORT/x.js", None, None)',
  'emscripten_websocket_new(None)',
  'emscripten_create_worker(b"http://127.0.0.1:TCP_PORT/x.js")',
].map((call) => ({ name: call.replace(/\(.*/, ''), code: `print(ctypes.CDLL(None).${call})` }));
