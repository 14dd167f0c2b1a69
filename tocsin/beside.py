"""Work in a process of its own, on another core."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import Any


def beside(work: Callable[[], Any]) -> Callable[[], Any]:
    """Starts the work in a forked process; what comes back waits for its result, which must pickle.

    Where nothing can be forked, or the fork comes to nothing, the work is done here when its result is asked for:
    so an error shows where it always did.
    """
    if not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:
        return work
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _deliver(work, writing)
    os.close(writing)
    return lambda: _received(work, reading, child)


def _deliver(work: Callable[[], Any], writing: int) -> None:
    """The forked process: does the work, sends the result, and ends without running anybody's exit handlers."""
    try:
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(work(), pipe, protocol=pickle.HIGHEST_PROTOCOL)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _received(work: Callable[[], Any], reading: int, child: int) -> Any:
    with os.fdopen(reading, "rb") as pipe:
        sent = pipe.read()
    _, status = os.waitpid(child, 0)
    return pickle.loads(sent) if status == 0 else work()
