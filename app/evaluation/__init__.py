"""How good answers are: figures of judged rows, and of two models on the same rows."""
