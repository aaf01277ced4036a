/** Attacks on the objects that all scripts share: prototypes, and what is looked up on them. */
import type { Probe } from '../../support/attacks.ts';
import { bridge } from './bridge.ts';

export const pollutionProbes: readonly Probe[] = [
  {
    name: 'a mark on a shared prototype',
    code: `${bridge}
try: to_js([]).__proto__.mark = 'a mark'
except Exception as error: print(error)
if get(to_js([1]), 'mark') is not None: reached('a mark')`,
  },
  {
    name: 'names on shared prototypes',
    code: `${bridge}
chain, value = [], to_js([])
while value is not None: chain.append(value); value = get(value, '__proto__')
for other in (to_js(b'x'), to_js(b'x').buffer, to_js([]).push, fault(lambda: to_js([]).reduce()), to_js([1]).values()):
    chain += [get(other, '__proto__'), get(get(other, '__proto__'), '__proto__')]
for target in filter(None, chain[1:]):
    for name in ('toJSON', 'toString', 'then', 'map', 'push', 'get', 'length', 'slice', 'constructor', 'mark'):
        try:
            setattr(target, name, create_proxy(lambda *_: {'type': 'done', 'end': 'ok'}))
            reached((str(target)[:40], name))
        except Exception: pass`,
  },
  {
    name: 'accessors on shared prototypes',
    code: `${bridge}
for target in (to_js([]).__proto__, to_js([]).__proto__.__proto__, to_js([]).push.__proto__):
    try: target.__defineGetter__('toJSON', create_proxy(lambda *_: None)); reached(str(target)[:30])
    except Exception as error: print(str(error)[:60])`,
  },
  {
    name: 'another prototype, by the setter itself',
    code: `${bridge}
import js, pyodide_js
first = to_js([]).__proto__.__proto__
setter, getter = first.__lookupSetter__('__proto__'), first.__lookupGetter__('__proto__')
mine = to_js([])
shared = [js, pyodide_js, pyodide_js._api, first, to_js([]).__proto__, to_js([]).push, setter]
frame = sys._getframe()
while frame and 'host' not in frame.f_globals: frame = frame.f_back
assert frame and setter and getter
shared.append(frame.f_globals['host'])
for target in shared:
    try:
        setter.call(target, mine)
        if getter.call(target) == mine: reached(str(target)[:40])
    except Exception as error: print(str(error)[:60])`,
  },
  {
    name: 'another prototype for a shared object',
    code: `${bridge}
mine = to_js([])
for target in (to_js([]).__proto__, to_js(b'x').__proto__, to_js([]).push):
    try:
        target.__proto__ = mine
        if target.__proto__ is mine: reached(str(target)[:30])
    except Exception as error: print(str(error)[:60])`,
  },
  {
    name: 'deleting from shared prototypes',
    code: `${bridge}
for target, name in ((to_js([]).__proto__, 'push'), (to_js(b'x').__proto__.__proto__, 'slice'), (to_js([]).push.__proto__, 'call')):
    try:
        delattr(target, name)
        if not hasattr(target, name): reached(name)
    except Exception as error: print(str(error)[:60])`,
  },
];
