"""The untrusted side: the process that imports a submission."""
