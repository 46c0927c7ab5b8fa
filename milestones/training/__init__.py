"""Training one network with a submission's modules, in a worker that is asked step by step."""
