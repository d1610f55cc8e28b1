"""`make cluster` on a computer that cannot make machines."""

import sys

import pytest

from chaos import network


@pytest.fixture(autouse=True)
def outside(monkeypatch):
    monkeypatch.delenv(network.INSIDE, raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(network, "TOOLS", ["ip-of-nowhere"])

    with pytest.raises(network.CannotMakeMachines, match="This needs ip-of-nowhere"):
        network.enter()


def test_another_system_is_told_at_once(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(network.CannotMakeMachines, match="Only Linux"):
        network.enter()
