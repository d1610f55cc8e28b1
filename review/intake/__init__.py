"""Evidence that arrives by email, as a file or on paper, made a submission by staff."""
