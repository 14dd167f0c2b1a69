"""The one palette: Grafana's named colours, which follow the reader's theme."""

GOOD = "green"
OFF_TARGET = "yellow"
NEUTRAL = "blue"
BY_RANK = ("dark-red", "red", "orange", "dark-yellow")
"""A severity's colour by its rank; milder ones take the last."""

SERIES = ("blue", "purple", "orange", "green", "super-light-blue", "semi-dark-red", "yellow", "dark-purple")
"""Lines that share a panel, in order."""

DEPLOYMENT = "purple"
ALERT = "red"


def of_rank(rank: int) -> str:
    """The colour of a severity."""
    return BY_RANK[min(rank, len(BY_RANK) - 1)]
