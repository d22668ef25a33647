"""Which versions are alive: loading, the registry of what is served, and its end."""
