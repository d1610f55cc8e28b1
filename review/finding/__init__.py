"""Which submissions: what an address asks for, the full text, and the list of what is found."""
