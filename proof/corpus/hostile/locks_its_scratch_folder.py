"""Leaves folders that nobody may enter, deep ones, and names that no terminal should see.

Fails: `layer(x), dropped elements filled in`.
"""
import os

os.umask(0o777)
os.mkdir("locked")
os.umask(0)
for _ in range(300):
    os.mkdir("deep\x1b[2J\n::error::")
    os.chdir("deep\x1b[2J\n::error::")
