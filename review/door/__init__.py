"""How staff come in: a password, a code, a session of some hours, and who is kept out."""
