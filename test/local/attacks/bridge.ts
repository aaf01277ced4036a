/** What attacks through JavaScript begin with: ways to get at a script's objects without minding refusals. */
export const bridge = `
from pyodide.ffi import JsProxy, JsException, create_proxy, to_js
def fault(attempt):
    try: attempt()
    except JsException as error: return error.js_error
def get(value, name):
    try: return getattr(value, name)
    except Exception: return None
def callable_js(value): return isinstance(value, JsProxy) and value.typeof == 'function'
`;
