"""Milestones: networks trained with a student's modules, and the data they are trained on.

Each folder `NN_year_name/` is a milestone; the packages beside them are the kit that runs all of
them. The kit's layers, each of which imports only those before it: `milestone_errors`, `data`,
`definition`, `training`, `gate`, `presentation`, `commands`.
"""
