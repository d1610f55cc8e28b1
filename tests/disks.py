"""Disks that are soon full."""

import subprocess

import pytest


def mount(folder, megabytes):
    """Put a disk of so many megabytes at a folder, where we may; else skip the test."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("Only root makes disks, and not in every container.")


def enlarge(folder, megabytes):
    command = ["mount", "-o", f"remount,size={megabytes}m", str(folder)]
    subprocess.run(command, check=True)


def unmount(folder):
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes, where we may make one."""
    mount(tmp_path, 2)
    yield tmp_path
    unmount(tmp_path)
