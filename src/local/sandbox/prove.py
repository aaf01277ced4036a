"""What the proof of the lock needs from Python's side. Run once, when the lock is complete, before any code of a user's."""

import os

import _socket
from _pyodide._importhook import jsfinder
from pyodide.ffi import to_js


def held():
    """What Python has of JavaScript without being given more: what it can import."""
    return to_js([jsfinder.jsproxies['js'], jsfinder.jsproxies['pyodide_js']])


def starts_program():
    return os.system('exit 0') == 0


def connects():
    try:
        _socket.socket().connect(('127.0.0.1', 9))
    except OSError as error:
        # Refused by nobody: there is no network that it could have asked.
        return error.errno != 23
    return True
