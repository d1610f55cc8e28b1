"""What people take away: the questions to work on offline, and a copy of what was sent.

A writer makes one file from top to bottom, `pdf.Pdf` or `word.Word`; `pack` and `sent`
say what stands in it. Nothing is kept: a file is made for each request.
"""
