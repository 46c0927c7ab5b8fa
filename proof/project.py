"""The project that is proven: its folder, and its course."""

from __future__ import annotations

from pathlib import Path

from gradgate.course.catalog import load_course

PROJECT = Path(__file__).resolve().parents[1]
COURSE = load_course(PROJECT)
