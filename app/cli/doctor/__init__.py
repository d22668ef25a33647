"""What `horngate doctor` does: looks at this machine, the models and a server, and says what to do."""
