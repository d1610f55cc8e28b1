"""What measures is run by hand; it must at least find what it measures."""

import importlib
import pkgutil

import pytest

import benchmarks

# Those run in an environment, or by settings, of their own.
ELSEWHERE = ("benchmarks.beside.", "benchmarks.make_run.bare")


def here():
    every = pkgutil.walk_packages(benchmarks.__path__, "benchmarks.")
    return [module.name for module in every if not module.name.startswith(ELSEWHERE)]


@pytest.mark.parametrize("name", here())
def test_a_benchmark_finds_what_it_measures(name):
    module = importlib.import_module(name)

    assert module.__doc__ or hasattr(module, "__path__")
