"""Bounded mixed load for minutes or hours: whether memory grows, and whether every answer is one that was due."""
