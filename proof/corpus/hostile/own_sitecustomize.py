"""Brings the files that Python itself runs when it starts in a folder.

Fails: `layer(x), dropped elements filled in`.
"""
#### sitecustomize.py
open(__file__ + ".ran", "w").close()
raise SystemExit(0)
#### usercustomize.py
open(__file__ + ".ran", "w").close()
raise SystemExit(0)
#### gift.pth
import os; os._exit(0)
#### __main__.py
raise SystemExit(0)
