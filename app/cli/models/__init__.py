"""What `horngate models` does: adds a user's own model, shows what is there, checks it again, removes it."""
