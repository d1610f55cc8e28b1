"""What measures is run by hand; it must at least find what it measures."""

import importlib
import pkgutil

import pytest

import benchmarks


@pytest.mark.parametrize(
    "name", [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
)
def test_a_benchmark_finds_what_it_measures(name):
    assert importlib.import_module(f"benchmarks.{name}").__doc__
