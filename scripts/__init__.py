"""Offline: train, evaluate and export models. Nothing in `app` imports this."""
