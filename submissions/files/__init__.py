"""Files that respondents attach: what is accepted, and how it is made sure of.

What arrives stands in quarantine (`uploads`), is read by a child process (`check`), shown to
a virus scanner (`scanner`), and only then stored under a name of ours (`storage`).
"""
