"""Brings a conftest.py, beside its modules and at the top, that makes every test pass.

Fails: `layer(x), dropped elements filled in`.
"""
#### conftest.py
open(__file__ + ".ran", "w").close()
raise SystemExit(0)
#### student/conftest.py
open(__file__ + ".ran", "w").close()
raise SystemExit(0)
