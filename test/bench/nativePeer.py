"""Native CPython doing what the gateway's Python does: runs code sent to it, answers with output and figures.

Takes one JSON object {"code": …} a line and answers with one line each: {"end", "logs", "figures"}, figures as base64
PNGs of the size that the gateway makes. SIGINT interrupts the code.
"""

import ast
import base64
import contextlib
import io
import json
import os
import sys

DPI = 120

os.environ['MPLBACKEND'] = 'agg'
answers = sys.stdout
variables = {'__name__': '__main__'}


def run(code):
    tree = ast.parse(code, '<cell>')
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, '<cell>', 'exec'), variables)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), '<cell>', 'eval'), variables)
        if value is not None:
            print(repr(value))
    return take_figures()


def take_figures():
    pyplot = sys.modules.get('matplotlib.pyplot')
    if pyplot is None:
        return []
    figures = []
    for number in pyplot.get_fignums():
        out = io.BytesIO()
        figure = pyplot.figure(number)
        figure.savefig(out, format='png', dpi=max(figure.dpi, DPI), bbox_inches='tight')
        figures.append(base64.b64encode(out.getvalue()).decode())
    pyplot.close('all')
    return figures


def answer(content):
    answers.write(json.dumps(content) + '\n')
    answers.flush()


for line in sys.stdin:
    code = json.loads(line)['code']
    logs = io.StringIO()
    end, figures = 'ok', []
    try:
        with contextlib.redirect_stdout(logs):
            figures = run(code)
    except KeyboardInterrupt:
        end = 'interrupted'
    except Exception as error:
        end = repr(error)
    answer({'end': end, 'logs': logs.getvalue(), 'figures': figures})
