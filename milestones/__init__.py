"""Milestones: networks trained with a student's modules, and the data they are trained on."""
