"""What `horngate predict` does: one input, or a file of them, asked in this process or of a server."""
