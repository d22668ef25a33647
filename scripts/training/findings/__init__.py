"""What is found out about a model besides the figures of its test splits."""
