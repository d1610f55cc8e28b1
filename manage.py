#!/usr/bin/env python
"""Run one of the portal's commands: `manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from keepitlocal.deep_calls import with_room

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")
    with_room(execute_from_command_line)(sys.argv)
