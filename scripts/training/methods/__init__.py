"""Ways of training that go beyond one model on one set of labels; each is a part of the recipe."""
