"""Breaks the running portal at random, and proves that nothing was lost: `make chaos`."""
