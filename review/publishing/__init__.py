"""What of a response may be published: text by text, redacted, and as one snapshot."""
