"""Turns matplotlib's figures into pictures. Shares its names with runner.py."""

import importlib.util
import io
import sys

MIN_DPI = 120
MAX_PIXELS = 25_000_000


class ShowHook:
    """Makes show() give the picture to the user, whichever of matplotlib's back ends the code chose."""

    def find_spec(self, name, path=None, target=None):
        if name != 'matplotlib.backend_bases':
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run_module = spec.loader.exec_module

        def exec_module(module):
            run_module(module)
            module.FigureManagerBase.show = show

        spec.loader.exec_module = exec_module
        return spec


def show(manager):
    from matplotlib._pylab_helpers import Gcf

    draw(manager.canvas.figure)
    Gcf.destroy(manager)


def collect_figures():
    """Draws the figures that the code left open, in their order."""
    helpers = sys.modules.get('matplotlib._pylab_helpers')
    if helpers is None:
        return
    for manager in sorted(helpers.Gcf.get_all_fig_managers(), key=lambda found: found.num):
        show(manager)


def close_figures():
    try:
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is not None:
            pyplot.close('all')
    except BaseException as error:
        print(f'The figures could not be closed: {error!r}', file=sys.stderr)


def draw(figure):
    if not host.has_room_for_figure():
        return
    width, height = figure.get_size_inches()
    dpi = max(figure.dpi, MIN_DPI)
    dpi = min(dpi, (MAX_PIXELS / max(width * height, 1e-6)) ** 0.5)
    out = io.BytesIO()
    figure.savefig(out, format='png', dpi=dpi, bbox_inches='tight')
    host.figure(out.getvalue())
