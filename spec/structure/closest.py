"""'Did you mean …?'"""

from collections.abc import Iterable


def closest(word: str, words: Iterable[str]) -> str:
    """The one of words most like word, or "" if none is alike enough to be meant."""
    from difflib import get_close_matches

    found = get_close_matches(word.casefold(), {w.casefold(): w for w in words}, n=1, cutoff=0.65)
    return next((w for w in words if w.casefold() == found[0]), "") if found else ""
