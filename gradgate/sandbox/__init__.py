"""The layers that confine a worker, and the proof that they hold."""
