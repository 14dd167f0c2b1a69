"""Writes what is made from the code: the published JSON Schema, the rules' pages, the pages of conditions. `python -m tocsin.generated`"""

from __future__ import annotations

import sys
from pathlib import Path

from spec.schema import FILE, text
from tocsin import carried, phrasebook
from tocsin.rulebook import pages
from tocsin.write import differences, write_tree

ROOT = Path(__file__).resolve().parent.parent
OWNED = (f"spec/schema/{FILE}", "docs/rules", phrasebook.PAGE, carried.PAGE)


def files() -> dict[str, str]:
    """Every generated file, by its path in the repository."""
    return {f"spec/schema/{FILE}": text(), **pages(), **phrasebook.page(), **carried.page(ROOT)}


def main() -> int:
    """Brings the generated files up to date, and says which were not."""
    stale = differences(ROOT, files(), OWNED)
    if stale:
        write_tree(ROOT, files(), OWNED)
    print("\n".join(f"written: {path}" for path in stale) or "everything generated is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
