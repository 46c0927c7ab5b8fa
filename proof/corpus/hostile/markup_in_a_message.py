"""Raises an exception whose text is HTML, XML and Markdown.

Fails: `script`.
"""

def forward(self, x, training=True):
    raise ValueError("<script>alert(1)</script> ]]> &lt; <!-- --> ![x](http://127.0.0.1) | a | "
                     "</failure></testcase><testcase name='passed'/> `` [x](javascript:alert(1))")

Dropout.forward = forward
