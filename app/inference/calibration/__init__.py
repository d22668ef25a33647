"""How a model runs best on this machine: which runtimes agree, how fast each is, and the plan that follows."""
