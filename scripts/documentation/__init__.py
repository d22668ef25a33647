"""The documentation: hand-written pages, those that the code writes itself, and the site that is made of both."""
