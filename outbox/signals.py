"""What the outbox says of itself, to whoever listens."""

from django.dispatch import Signal

# With `name`, `seconds` and `has_failed`, after each thing that the loop did.
duty_ended = Signal()
# With `headers`, for the task that the bell is rung for: to be filled.
bell_rings = Signal()
