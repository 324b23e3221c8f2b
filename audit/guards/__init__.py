"""Grants, triggers and functions: what they must be, how they are laid, and where a live database deviates."""

from audit.guards.deviations import deviations
from audit.guards.expected import ROWS, Trigger, stays
from audit.guards.lay import apply

__all__ = ["ROWS", "Trigger", "apply", "deviations", "stays"]
