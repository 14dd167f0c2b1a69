"""Doubles of the vendors' APIs, on loopback: everything that `tocsin sandbox` and the tests talk to."""
