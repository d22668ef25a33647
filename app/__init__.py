"""Horngate serves Keras models: see `ARCHITECTURE.md` for the way of a request."""
