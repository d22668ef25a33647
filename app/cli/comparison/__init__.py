"""What `horngate compare` does: two versions on the same rows, and whether they differ by more than chance."""
