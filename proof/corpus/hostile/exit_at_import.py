"""Leaves the process at import, with the exit code of success.

Fails: `importing it ended the whole process with exit code 0`.
"""
import os
os._exit(0)
