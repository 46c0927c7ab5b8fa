"""What travels between a judge and a worker: frames, values, replies."""
