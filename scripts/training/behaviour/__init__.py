"""Behavioural tests of a model: what must hold for inputs that we make ourselves, whatever a test split says.

Ribeiro, Wu, Guestrin, Singh: Beyond Accuracy: Behavioral Testing of NLP Models with CheckList (ACL 2020).
"""
