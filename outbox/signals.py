"""What the outbox loop says of itself, to whoever listens."""

from django.dispatch import Signal

# With `name`, `seconds` and `has_failed`, after each thing that the loop did.
duty_ended = Signal()
