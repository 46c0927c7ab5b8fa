"""Raises an exception whose class lies about its name, and whose bases cannot be read.

Fails: the judge has no name to show.
"""

class Nameless(type):
    __name__ = property(lambda cls: cls)
    __mro__ = property(lambda cls: 1 / 0)

class Liar(Exception, metaclass=Nameless):
    pass

def forward(self, x, training=True):
    raise Liar

Dropout.forward = forward
