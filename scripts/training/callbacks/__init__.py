"""What happens beside Keras's own steps: averaging, learning rates, saving, stopping and telling."""
