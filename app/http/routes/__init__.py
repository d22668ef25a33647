"""The routes beside prediction: health, models, metrics."""
