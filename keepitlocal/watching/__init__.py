"""What the portal tells whoever runs it: health, figures, and the log. Nobody's data."""
