"""Keeps the memory of one page for the next: getting it anew from the kernel costs a sixth of opening a page."""

import ctypes

#: What glibc's <malloc.h> calls M_TRIM_THRESHOLD and M_MMAP_THRESHOLD.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
#: Bytes that a process holds back at most when it needs them no more: most arrays of a page.
HELD = 64 * 1024 * 1024
#: Bytes of the largest array that comes from what is held; glibc takes no more on machines of 64 bits.
LARGEST = 32 * 1024 * 1024


def hold_memory() -> bool:
    """Lets this process hold back freed memory for its next arrays; False where the C library is not glibc.

    A page passes through some forty arrays of 4 to 8 MB. glibc maps each from the kernel, which fills it with zeros,
    and gives it back at once.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return all(mallopt(name, size) == 1 for name, size in ((_TRIM_THRESHOLD, HELD), (_MMAP_THRESHOLD, LARGEST)))
