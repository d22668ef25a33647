"""Speed and memory of the server, side by side with what its users would write instead."""
