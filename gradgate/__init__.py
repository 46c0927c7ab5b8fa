"""The engine: grades submissions of a course by its checks, and knows no course by name.

Folders follow the flow of the data and the trust boundary: `submission`, `examples` and `oracle`
feed `supervisor`, which asks the untrusted `worker`; `judging`, `diagnosis` and `grading` make
results of its replies, `reporting` makes text and data of the results. See CONTRIBUTING.md.
"""

__version__ = "0.2.0"
