"""Why a model decides as it does: parts of an input are left out, and what the answer loses by it is their share.

Occlusion asks the model and looks inside none, so that it works on every runtime. Sources: Zeiler and Fergus,
"Visualizing and Understanding Convolutional Networks" (2014), for pictures; Li, Monroe and Jurafsky, "Understanding
Neural Networks through Representation Erasure" (2016), for words.
"""
