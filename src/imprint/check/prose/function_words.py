"""Words that sentences of any subject share."""

from __future__ import annotations

from imprint.check.prose.similarity import stems

FUNCTION_WORDS = stems(
    "about above across after again against almost along already also although among another "
    "around away back because been before being better between beyond both came come could "
    "different does doing done down during each early either else enough especially even ever "
    "every everyone far few find first for found from gave give given gives good great hard "
    "hardly have having help helped helps here however instead into just keep kept know known "
    "last late later least less like likely little long longer made make makes making many may "
    "mean might more most much must need needed needs never next none often once only other "
    "others over own part parts people perhaps place rather really same says seem seems seen "
    "several shall should since some something still such take taken takes taking than that their "
    "them themselves then there these they thing things this those though through thus time "
    "together toward towards under until upon used uses using usually very want ways well went "
    "were what when where whether which while whole whom whose will with within without work "
    "worked working works would year years your "
)
"""Their stems, of four letters and more."""
