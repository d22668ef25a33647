"""Runs models: the batcher says when, the pool where, a runtime how."""
