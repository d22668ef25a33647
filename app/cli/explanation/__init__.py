"""What `horngate explain` does: a version or a server is asked why, and the answer shown with characters."""
