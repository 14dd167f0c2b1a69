"""`python -m tocsin`."""

from tocsin.main import entry

entry()
