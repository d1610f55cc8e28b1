"""What `startproject` and Celery's first steps make, with one model and one task.

The least that a portal with a database and a worker can be: our memory is set beside its.
"""
