"""From a recipe to a finished model folder: data → architecture → loop → evaluation → export."""
