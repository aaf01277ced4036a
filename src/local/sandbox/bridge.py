"""Takes from Python what its own interpreter gave it to reach its insides by. Run once, before any code of a user's."""

import sys

import pyodide._package_loader
import pyodide.webloop
from _pyodide._importhook import jsfinder


def close(rest):
    """Puts `rest` in place of the module pyodide_js, wherever Python holds it or a part of it."""
    jsfinder.jsproxies['pyodide_js'] = rest
    for name in [name for name in sys.modules if name.partition('.')[0] == 'pyodide_js']:
        # The module and its loader hold each other, and the collector does not see through JavaScript objects.
        sys.modules.pop(name).__spec__.loader.jsproxy = None
    # Importing one that is not there yet would set it on the frozen other.
    sys.modules.update({'pyodide_js': rest, 'pyodide_js._api': rest._api})
    pyodide.webloop.scheduleCallback = rest._api.scheduleCallback
    pyodide._package_loader.loadedPackages = rest.loadedPackages
