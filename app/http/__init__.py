"""HTTP: bytes to typed requests, answers to bytes; the one place, with the composition root, that knows a web framework."""
