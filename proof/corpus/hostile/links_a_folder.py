"""Has a link to a folder outside among its modules, and imports from there.

Fails: `student/gift is a link that leads out of the submission and was left out`, `imports student.gift`.
"""
from student.gift import anything
#### link student/gift to {OUTSIDE}
