"""What OpenAPI says of one served model, from its signature: every way to ask it, with examples that work."""
