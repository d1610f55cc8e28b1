"""The pages of intake: an inbox, a desk to place passages on, and a check by another."""
