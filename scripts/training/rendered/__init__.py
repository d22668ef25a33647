"""Pictures as people send them, made from MNIST's digits and from pen strokes: a test beyond MNIST's own form."""
