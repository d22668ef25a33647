"""A frozen pretrained sentence encoder: texts to vectors, and what a regression on them thinks of texts."""
