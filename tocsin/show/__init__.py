"""How findings are shown: to people on a terminal, and to machines."""
