"""Why a model decides as it does: what each part of an input contributes to the answer.

Occlusion leaves parts out, and what the answer loses by it is their share; it looks inside no model, so that it works
on every runtime. Integrated gradients sum up how the answer grows on the way from nothing to the input; they add up to
the difference, and need TensorFlow. Sources: Zeiler and Fergus,
"Visualizing and Understanding Convolutional Networks" (2014), for pictures; Li, Monroe and Jurafsky, "Understanding
Neural Networks through Representation Erasure" (2016), for words; Sundararajan, Taly and Yan, "Axiomatic Attribution
for Deep Networks" (2017), for gradients.
"""
