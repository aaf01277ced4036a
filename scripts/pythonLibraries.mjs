/**
 * Libraries that Pyodide and some wheels carry inside their binaries, with no licence text of their own beside them:
 * name, version (test/package/pythonPack.test.ts asks the running Python for those it knows), licence by its SPDX
 * identifier, home.
 * @typedef {readonly [string, string, string, string]} Library
 */

/** @type {readonly Library[]} */
export const insidePyodide = [
  ['CPython, with its standard library', '3.14.2', 'PSF-2.0', 'https://github.com/python/cpython'],
  ['Emscripten runtime (musl, compiler-rt, libc++)', '5.0.3', 'MIT or NCSA', 'https://emscripten.org'],
  ['libffi', 'as built by Pyodide', 'MIT', 'https://github.com/libffi/libffi'],
  ['zlib', '1.3.1', 'Zlib', 'https://zlib.net'],
  ['bzip2', '1.0.6', 'bzip2-1.0.6', 'https://sourceware.org/bzip2'],
  ['xz (liblzma)', '5.2.2', 'public domain', 'https://tukaani.org/xz'],
  ['Zstandard', '1.5.7', 'BSD-3-Clause', 'https://github.com/facebook/zstd'],
  ['SQLite', '3.39.0', 'public domain', 'https://sqlite.org'],
  ['Expat', '2.7.3', 'MIT', 'https://libexpat.github.io'],
  ['libmpdec', '2.5.1', 'BSD-2-Clause', 'https://www.bytereef.org/mpdecimal'],
  ['HACL*', 'as part of CPython', 'MIT', 'https://github.com/hacl-star/hacl-star'],
  ['mimalloc', 'as part of CPython', 'MIT', 'https://github.com/microsoft/mimalloc'],
];

/** @type {Library} */
const freeType = ['FreeType', '2.13.3', 'FTL', 'https://freetype.org'];
/** @type {Library} */
const pybind11 = ['pybind11', 'as built by Pyodide', 'BSD-3-Clause', 'https://github.com/pybind/pybind11'];

/** By the name of the package. @type {Readonly<Record<string, readonly Library[]>>} */
export const insideWheels = {
  contourpy: [pybind11],
  matplotlib: [
    freeType,
    ['Qhull', '2020.2', 'Qhull', 'http://www.qhull.org'],
    ['Anti-Grain Geometry', '2.4', 'BSD-3-Clause', 'https://agg.sourceforge.net'],
    ['ttconv', 'as part of matplotlib', 'HPND', 'https://matplotlib.org'],
    pybind11,
  ],
  Pillow: [
    freeType,
    ['libjpeg of the Independent JPEG Group', '9.0', 'IJG', 'https://ijg.org'],
    ['LibTIFF', '4.4.0', 'libtiff', 'https://libtiff.gitlab.io/libtiff'],
    ['libwebp', '1.2.2', 'BSD-3-Clause', 'https://chromium.googlesource.com/webm/libwebp'],
    ['zlib', '1.3.1', 'Zlib', 'https://zlib.net'],
  ],
};

/** The credits that the licences FTL and IJG ask for. */
export const credits = [
  'Portions of this software are copyright The FreeType Project (https://freetype.org). All rights reserved.',
  'This software is based in part on the work of the Independent JPEG Group.',
];
