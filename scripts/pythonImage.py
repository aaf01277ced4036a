"""Runs inside Pyodide while the pack is made: unpacks the wheels, trims them, compiles what stays."""

import fnmatch
import os
import py_compile
import shutil
import sys
import zipfile

SITE = '/lib/python3.14/site-packages'

# What no program needs to run: tests, build inputs, type stubs, data for demonstrations, fonts for other back ends.
DROPPED = (
    '*/tests/*', '*/testing/jpl_units/*', '*/conftest.py', '*.pyi', '*.pyx', '*.pxd', '*.pxi', '*.h', '*.hpp', '*.c',
    '*.a', '*.lib', '*/py.typed', '*.dist-info/RECORD', '*.dist-info/WHEEL', '*.dist-info/top_level.txt',
    '*.dist-info/entry_points.txt', '*.dist-info/licenses/*', '*.dist-info/LICENSE*', '*.md', '*.rst',
    'numpy/f2py/*', 'numpy/_core/include/*', 'numpy/_core/lib/*', 'numpy/_pyinstaller/*', 'numpy/random/lib/*',
    'numpy/random/_examples/*',
    'matplotlib/mpl-data/sample_data/*', 'matplotlib/mpl-data/images/*', 'matplotlib/mpl-data/plot_directive/*',
    'matplotlib/mpl-data/fonts/afm/*', 'matplotlib/mpl-data/fonts/pdfcorefonts/*',
    'matplotlib/backends/web_backend/*', 'matplotlib/sphinxext/*',
    'matplotlib/mpl-data/fonts/ttf/DejaVuSerif-*Italic.ttf', 'matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-*Oblique.ttf',
    'matplotlib/backends/*gtk*', 'matplotlib/backends/*qt*', 'matplotlib/backends/*tk*', 'matplotlib/backends/*wx*',
    'matplotlib/backends/*macosx*', 'matplotlib/backends/*cairo*', 'matplotlib/backends/*nbagg*',
    'matplotlib/backends/*webagg*', 'mpl_toolkits/*/tests/*', 'fontTools/cu2qu/*', 'fontTools/merge/*',
    'fontTools/mtiLib/*', 'fontTools/qu2cu/*', 'fontTools/svgLib/*', 'fontTools/ufoLib/*', 'fontTools/voltLib/*',
    'fonttools-*.data/*', '*.data/*', 'pyparsing/ai/*', 'pyparsing/diagram/*',
)


def unpack(wheels):
    """Unpacks the wheels into site-packages without what DROPPED names."""
    for wheel in sorted(wheels):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith('/') or any(fnmatch.fnmatchcase(name, pattern) for pattern in DROPPED):
                    continue
                target = os.path.join(SITE, name)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with archive.open(name) as source, open(target, 'wb') as out:
                    shutil.copyfileobj(source, out)
        os.unlink(wheel)


def store_zip(packed, stored):
    """Copies a zip file with its members in one order, uncompressed and without dates."""
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(stored, 'w', zipfile.ZIP_STORED) as out:
        for name in sorted(source.namelist()):
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), source.read(name))


def compile_all():
    """Replaces every source by its compiled form beside it (the layout Python imports without a source)."""
    for path in files(SITE):
        if path.endswith('.py'):
            shown = os.path.relpath(path, '/lib/python3.14')
            py_compile.compile(
                path, path + 'c', dfile=shown, doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
            os.unlink(path)


def files(top):
    """Every file below a folder, in one fixed order."""
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names)


def font_list():
    """Takes the fonts that were dropped out of the list of fonts that Pyodide's matplotlib ships."""
    import json

    data = os.path.join(SITE, 'matplotlib', 'mpl-data')
    name = os.path.join(SITE, 'matplotlib', 'fontlist.json')
    with open(name) as source:
        content = json.load(source)
    for key in ('ttflist', 'afmlist'):
        content[key] = [entry for entry in content[key] if os.path.exists(os.path.join(data, entry['fname']))]
    with open(name, 'w') as out:
        json.dump(content, out, sort_keys=True)


# Pure Python that numpy, pandas, matplotlib and the runner import: in the snapshot it costs no time at start.
PRELOADED = '''
_strptime abc argparse array ast asyncio atexit base64 binascii bisect builtins bz2 calendar cmath code codeop codecs
collections collections.abc concurrent.futures configparser contextlib contextvars copy copyreg csv ctypes dataclasses
datetime decimal difflib dis email.parser enum errno fnmatch fractions functools gc getpass glob gzip hashlib heapq html
http importlib.metadata importlib.resources inspect io ipaddress itertools json keyword linecache locale logging lzma
math mimetypes numbers opcode operator os pathlib pickle pkgutil platform posixpath pprint queue random re secrets
select selectors shlex shutil signal sqlite3 stat statistics string struct subprocess sys sysconfig tempfile textwrap
threading time timeit token tokenize traceback types typing unicodedata unittest.mock urllib.parse urllib.request uuid
warnings weakref webbrowser xml.etree.ElementTree zipfile zlib zoneinfo
cycler dateutil dateutil.parser dateutil.relativedelta dateutil.rrule dateutil.tz packaging.version pyparsing pytz six
pyodide.code pyodide.ffi pyodide.webloop
'''


def preload():
    """Imports what the snapshot shall hold. Modules with parts of their own to link (shared objects) cannot be in it."""
    import gc
    import importlib

    importlib.invalidate_caches()
    for name in PRELOADED.split():
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f'not in the snapshot: {name}: {error}', file=sys.stderr)
    gc.collect()
