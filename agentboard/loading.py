"""Loading what a process keeps to its end: Django, the board, and what they need."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Load in the block without Python's collector, which passes over what was loaded there ever after.

    It goes through everything there is again and again while modules are loaded, and later at moments of its own, while
    somebody waits for an answer (`gc.freeze`).
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
