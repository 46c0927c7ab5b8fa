"""Brings its module as compiled code, that nobody can read.

Fails: `student/layers.so is compiled code and was left out: only Python source is graded`.
"""
#### student/layers.so
ELF
#### student/layers.cpython-311-x86_64-linux-gnu.so
ELF
#### student/layers.pyc
code
