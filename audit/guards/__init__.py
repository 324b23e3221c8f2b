"""Grants, triggers and functions: what they must be, how they are laid, and where a live database deviates."""

from audit.guards.deviations import deviations
from audit.guards.expected import Trigger, stays
from audit.guards.lay import apply

__all__ = ["Trigger", "apply", "deviations", "stays"]
