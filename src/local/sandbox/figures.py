"""Turns matplotlib's figures into pictures. Shares its names with runner.py."""

import importlib.util
import io
import sys
import zlib

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
    if not draw_once(figure, dpi, out):
        figure.savefig(out, format='png', dpi=dpi, bbox_inches='tight')
    host.figure(out.getvalue())


def draw_once(figure, dpi, out):
    """Writes the picture that savefig with bbox_inches='tight' makes. False, and nothing written, where it takes savefig.

    savefig draws twice, to learn first where everything lies. Where nothing lies beyond the figure's own edges, the
    picture can be cut out of one drawing: a third of the time less.
    """
    background = plain_background(figure)
    if background is None:
        return False
    from matplotlib import rcParams
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    own_canvas, own_dpi = figure.canvas, figure.dpi
    try:
        canvas = FigureCanvasAgg(figure)
        figure.dpi = dpi
        canvas.draw()
        drawn = figure.get_tightbbox(canvas.get_renderer())
        edges = figure.bbox_inches.padded(0.5 / dpi)
        if not (edges.contains(*drawn.min) and edges.contains(*drawn.max)):
            return False
        pixels = canvas.buffer_rgba()
    finally:
        figure.set_canvas(own_canvas)
        figure.dpi = own_dpi
    area = drawn.padded(rcParams['savefig.pad_inches'])
    height, width = pixels.shape[:2]
    # The padding can reach beyond what was drawn.
    picture = Image.new('RGBA', (round(area.width * dpi), round(area.height * dpi)), background)
    picture.paste(Image.frombuffer('RGBA', (width, height), pixels), (-round(area.x0 * dpi), round(area.y1 * dpi) - height))
    picture.save(out, format='png', dpi=(dpi, dpi), compress_type=zlib.Z_RLE)
    return True


def plain_background(figure):
    """The colour behind a figure, as four bytes; None where it is more than a colour, or savefig takes another one."""
    from matplotlib import colors, rcParams

    patch = figure.patch
    own = rcParams['savefig.facecolor'] == rcParams['savefig.edgecolor'] == 'auto' and not rcParams['savefig.transparent']
    if not own or patch.get_linewidth() or patch.get_hatch():
        return None
    *colour, alpha = colors.to_rgba(patch.get_facecolor())
    if alpha == 0 or not patch.get_visible():
        return 0, 0, 0, 0
    return (*(round(part * 255) for part in colour), 255) if alpha == 1 else None
