"""Your package: nine modules, from a tensor to a convolutional network, in NumPy alone."""
