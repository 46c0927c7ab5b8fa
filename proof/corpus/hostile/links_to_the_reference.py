"""Is a link to the reference's own file.

Fails: `student/layers.py is a link that leads out of the submission and was left out`.
"""
#### link student/layers.py to {PROJECT}/reference/layers.py
