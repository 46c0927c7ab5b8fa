"""The engine, in the order data flows through it.

submission.py → keeper.py, worker.py → oracle.py → judge.py → report.py: see CONTRIBUTING.md.
"""
