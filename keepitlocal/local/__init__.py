"""The servers of a machine that has none: for trying, developing and testing, not production.

Nothing here imports Django: what starts and stops servers stays small.
"""
