"""What `horngate evaluate` does: opens a version as the server does, answers labelled rows, shows the figures."""
