"""Prints commands to GitHub's and Azure's runners, a line each, and fails.

Fails: `printed by your code in this call`.
"""
import sys

def forward(self, x, training=True):
    print("::error file=a::b\n   ::add-mask::passed\n::stop-commands::x\nx ##[error]b\n"
          "##vso[task.complete result=Succeeded]done", flush=True)
    print("##teamcity[testFinished]\r::set-env name=A::b", file=sys.stderr, flush=True)
    return x * 2

Dropout.forward = forward
