"""How strong a corrective action is, after the action hierarchy of RCA2 (VA National Center for Patient
Safety; Institute for Healthcare Improvement, 2015): what changes the system outlasts what asks people to
remember."""

from collections.abc import Iterable

from audit.labels import LabelledEnum


class Strength(LabelledEnum):
    """How far an action can be trusted to hold, weakest first."""

    WEAK = "weak", "weak: training or reminder"
    INTERMEDIATE = "intermediate", "intermediate: support for people at work"
    STRONG = "strong", "strong: system change"


class Measure(LabelledEnum):
    """A kind of corrective measure."""

    PLANT_CHANGE = "plant_change", "Change of rooms or equipment"
    FORCING_FUNCTION = "forcing_function", "Forcing function: the error becomes impossible"
    SIMPLIFIED_PROCESS = "simplified_process", "Step removed or process simplified"
    STANDARDIZED = "standardized", "Equipment or process standardized"
    LEADERSHIP = "leadership", "Tangible involvement of leadership"
    REDUNDANCY = "redundancy", "Redundancy"
    STAFFING = "staffing", "More staff or less workload"
    SOFTWARE = "software", "Software enhancement"
    CHECKLIST = "checklist", "Checklist or cognitive aid"
    FEWER_DISTRACTIONS = "fewer_distractions", "Fewer distractions"
    READ_BACK = "read_back", "Read-back"
    DOUBLE_CHECK = "double_check", "Double check"
    WARNING = "warning", "Warning, label or reminder"
    POLICY = "policy", "New policy or memorandum"
    TRAINING = "training", "Training"

    @property
    def strength(self) -> Strength:
        """Where the hierarchy puts this kind of measure."""
        if self in _STRONG:
            return Strength.STRONG
        return Strength.WEAK if self in _WEAK else Strength.INTERMEDIATE


_STRONG = frozenset(
    {
        Measure.PLANT_CHANGE,
        Measure.FORCING_FUNCTION,
        Measure.SIMPLIFIED_PROCESS,
        Measure.STANDARDIZED,
        Measure.LEADERSHIP,
    }
)
_WEAK = frozenset({Measure.DOUBLE_CHECK, Measure.WARNING, Measure.POLICY, Measure.TRAINING})


def strength(measures: Iterable[Measure]) -> Strength:
    """The strength of an action that takes these measures together: that of its strongest.

    Raises ValueError when it takes none.
    """
    ranks = tuple(Strength)
    found = [measure.strength for measure in measures]
    if not found:
        raise ValueError("measures: a corrective action takes at least one measure.")
    return max(found, key=ranks.index)
