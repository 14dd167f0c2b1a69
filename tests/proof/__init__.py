"""The proof: what each backend is given fires at the steps at which the condition language says that it does.

The seeds are fixed, so that a run judges the code and not its luck; TOCSIN_EXAMPLES and TOCSIN_SEED ask for more, and others:
`TOCSIN_EXAMPLES=20000 TOCSIN_SEED=7000000 pytest tests/proof -m slow`.
"""

import os

EXAMPLES = int(os.environ.get("TOCSIN_EXAMPLES", "4000"))
"""How many cases the wide run puts to each backend."""

SEED = int(os.environ.get("TOCSIN_SEED", "100000"))
"""The first case of the wide run."""
