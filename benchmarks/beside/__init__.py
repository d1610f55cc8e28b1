"""What is measured beside us, each in a process and with packages of its own.

`environment` installs it, `copied` gives it our data, `asking` starts its process; the rest
runs in those processes and answers what `asking` asks.
"""
