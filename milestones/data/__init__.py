"""The data sets: tinydigits, shipped in `data/`, and CIFAR-10, fetched on request."""
