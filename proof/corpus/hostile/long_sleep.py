"""Sleeps for an hour at import.

Fails: `importing it did not finish within 2 s`.
"""
import time

time.sleep(3600)
