"""What the Pulumi SDK does beside registering, and a large stack need not pay for.

Measured on 1,000 alarms (`python -m benchmarks --preview`): a third of the program's time, once the two go together.
"""

from __future__ import annotations

import gc

import pulumi


def unburden() -> None:
    """Leaves out the SDK's debug lines and the collection of garbage, unless the stack says `tocsin:debug: true`.

    The SDK sends four debug lines a resource, each a call that blocks the program until the engine has dropped it:
    neither side tells the other whether anybody asked for them, and the SDK has no switch. Without those pauses
    thousands of tasks wait at a time, over which the collector would go again and again; the program ends with the
    command, and what it leaves lying about is less than what the engine itself needs.
    """
    if pulumi.Config().get_bool("debug"):
        return
    gc.disable()
    pulumi.log.debug = _nothing


def _nothing(*_: object, **__: object) -> None:
    """Takes whatever `pulumi.log.debug` takes."""
