"""Clauses of training texts as further rows, labelled by a pretrained sentence encoder."""
