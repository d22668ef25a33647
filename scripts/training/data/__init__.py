"""Readers of labelled data: the public originals, a user's own texts, a folder of images."""
