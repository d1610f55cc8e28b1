"""Keeps what is the same for everybody who reads a language."""

from functools import lru_cache, wraps

from django.utils.translation.trans_real import catalog


def kept_by_catalogue(function):
    """Make of a function that depends on its values and the language one that works once.

    What it returned is kept with the catalogue in which it looked, so that another one,
    loaded later, is looked in again.
    """

    @lru_cache(maxsize=200)
    def kept(catalogue, *values):
        return function(*values)

    @wraps(function)
    def said(*values):
        return kept(catalog(), *values)

    return said
