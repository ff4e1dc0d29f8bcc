"""How much one document and one page may cost before it is refused: a hostile file must not take the machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is opened and decoded. The defaults fit a mailroom; settings may change them."""

    #: More pages than this are refused with the advice to split.
    max_pages: int = 2_000
    #: Pixels of one decoded page; the largest real sheet (A3, 600 dpi) has 70 million.
    max_pixels: int = 120_000_000
    #: Resolution at which PDF pages that are not one scanned image are rendered.
    render_dpi: int = 200
    #: Pixels of one rendered page; odd page boxes are rendered coarser to stay below.
    max_render_pixels: int = 20_000_000
    #: Seconds one page may take to render.
    render_timeout_s: float = 30.0


DEFAULT_LIMITS = Limits()
