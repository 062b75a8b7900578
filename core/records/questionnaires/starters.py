"""Forms that are ready to be used: none of any discipline, each a beginning that the organization makes its own."""

from collections.abc import Iterable
from dataclasses import replace

from core.kernel.translation import gettext_noop, translate
from core.records.questionnaires.rules.questionnaires import Choice, Condition, Definition, Item, Kind

_YES, _NO = gettext_noop("Yes"), gettext_noop("No")
_YES_NO = (Choice(_YES), Choice(_NO))

_CONSENT = Definition(
    title=gettext_noop("Consent to working online"),
    intro=gettext_noop(
        "Please read this before the first %(session)s online, and ask us whatever is not clear. You can change your mind at any time."
    ),
    items=(
        Item(
            "q1",
            Kind.WORDS,
            gettext_noop(
                "We meet by picture and sound over the internet. Nothing is recorded unless you are asked and agree at that time. "
                "As everywhere on the internet, a connection can break off, and nobody can rule out entirely that others gain access."
            ),
        ),
        Item("q2", Kind.STATEMENT, gettext_noop("I agree to meet online."), is_required=True),
        Item(
            "q3",
            Kind.STATEMENT,
            gettext_noop("I see to it that I am in a place where nobody listens who should not."),
            is_required=True,
        ),
        Item(
            "q4",
            Kind.TEXT,
            gettext_noop("How do we reach you if the connection breaks off?"),
            gettext_noop("A telephone number at which you can be reached at that time."),
            is_required=True,
        ),
        Item("q5", Kind.TEXT, gettext_noop("Whom may we reach in an emergency?")),
        Item(
            "q6",
            Kind.SIGNATURE,
            gettext_noop("I have read and understood this, and I agree for myself or for the person for whom I sign."),
            is_required=True,
        ),
    ),
)
_INTAKE = Definition(
    title=gettext_noop("Before we begin"),
    intro=gettext_noop(
        "So that we can prepare. Answer what you like to; you can stop at any time and go on later, on your phone as well."
    ),
    items=(
        Item("q1", Kind.PAGE, gettext_noop("About you")),
        Item("q2", Kind.TEXT, gettext_noop("How would you like to be called?")),
        Item("q3", Kind.DATE, gettext_noop("Date of birth")),
        Item("q4", Kind.TEXT, gettext_noop("Whom may we reach in an emergency, and at which number?")),
        Item("q5", Kind.PAGE, gettext_noop("What brings you here")),
        Item("q6", Kind.LONG_TEXT, gettext_noop("What would you like to reach?"), is_required=True),
        Item("q7", Kind.ONE, gettext_noop("Have you worked on this with somebody before?"), choices=_YES_NO),
        Item(
            "q8",
            Kind.LONG_TEXT,
            gettext_noop("What helped, and what did not?"),
            condition=Condition("q7", _YES),
        ),
        Item(
            "q9",
            Kind.SCALE,
            gettext_noop("How much does it weigh on you at the moment?"),
            low_text=gettext_noop("Not at all"),
            high_text=gettext_noop("Very much"),
        ),
        Item("q10", Kind.PAGE, gettext_noop("What else we should know")),
        Item(
            "q11",
            Kind.MANY,
            gettext_noop("When does it suit you best?"),
            choices=(
                Choice(gettext_noop("Mornings")),
                Choice(gettext_noop("Afternoons")),
                Choice(gettext_noop("Evenings")),
            ),
        ),
        Item(
            "q12",
            Kind.FILE,
            gettext_noop("Letters or reports that we should see"),
            gettext_noop("A photograph of the paper is enough."),
        ),
        Item("q13", Kind.LONG_TEXT, gettext_noop("Is there anything else that you would like to tell us?")),
    ),
)
_FEEDBACK = Definition(
    title=gettext_noop("How was it?"),
    intro=gettext_noop("Two minutes of your time help us to do better."),
    is_scored=True,
    items=(
        Item(
            "q1",
            Kind.SCALE,
            gettext_noop("How helpful was the last %(session)s?"),
            low_text=gettext_noop("Not at all"),
            high_text=gettext_noop("Very much"),
            is_required=True,
        ),
        Item(
            "q2",
            Kind.SCALE,
            gettext_noop("How well were you heard?"),
            low_text=gettext_noop("Not at all"),
            high_text=gettext_noop("Very much"),
        ),
        Item("q3", Kind.LONG_TEXT, gettext_noop("What should stay as it is?")),
        Item("q4", Kind.LONG_TEXT, gettext_noop("What should be different?")),
        Item("q5", Kind.ONE, gettext_noop("Would you like us to speak with you about it?"), choices=_YES_NO),
    ),
)
_STARTERS = {"consent": _CONSENT, "intake": _INTAKE, "feedback": _FEEDBACK}


def starter(code: str) -> Definition | None:
    """One of them in the language in force, with the organization's nouns."""
    found = _STARTERS.get(code)
    return _translated(found) if found is not None else None


def starters() -> Iterable[tuple[str, Definition]]:
    """All of them, by their codes."""
    return [(code, _translated(each)) for code, each in _STARTERS.items()]


def _translated(definition: Definition) -> Definition:
    items = tuple(_item(each) for each in definition.items)
    return replace(definition, title=translate(definition.title), intro=translate(definition.intro), items=items)


def _item(item: Item) -> Item:
    condition = item.condition
    return replace(
        item,
        text=translate(item.text),
        hint=_words(item.hint),
        low_text=_words(item.low_text),
        high_text=_words(item.high_text),
        choices=tuple(replace(choice, text=translate(choice.text)) for choice in item.choices),
        condition=replace(condition, value=_words(condition.value)) if condition else None,
    )


def _words(text: str) -> str:
    return translate(text) if text else ""
