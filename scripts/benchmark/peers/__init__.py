"""Our sentiment model behind other servers, each set up as its own documentation recommends for small models.

Every module runs in a virtual environment that holds one server and not Horngate: `model` is all that they share.
"""
