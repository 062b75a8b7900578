"""Make a set of cards, add cards to it, and change one."""

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from core.files.actions import sealed
from core.files.rules.file_types import Kind
from core.kernel import clock
from core.resources import actions
from core.resources.actions.cards import CARD_PICTURE, CARD_SOUND, PURPOSES, SIDES, CardContent
from core.resources.models import LONGEST_SIDE, LONGEST_TITLE, MOST_CARDS, Card, Resource
from core.resources.permissions import CHANGE, get_card, get_resource
from core.resources.rules.card_lines import cards_of
from portal.files.fields import FilesField, files_body_limit
from portal.resources.forms import TEMPLATE, OneResourceFormView, ResourceFormView, TagsField
from tenants.bodies import SIGNED_IN_BYTES

MOST_PICTURES = 30  # at once
FILE_FIELDS = [f"{side}_{part}" for side in SIDES for part in PURPOSES]


class CardsForm(forms.Form):
    """Cards out of pictures, and out of lines of text."""

    pictures = FilesField(
        CARD_PICTURE, most=MOST_PICTURES, kinds=[Kind.PICTURE], required=False, label=gettext_lazy("Pictures"),
        help_text=gettext_lazy("A whole pile at once: each becomes a card, with the picture on its front."),
    )  # fmt: skip
    with_names = forms.BooleanField(
        label=gettext_lazy("Write what each file is called on the back"), required=False, initial=True
    )
    lines = forms.CharField(
        label=gettext_lazy("Cards in words"), required=False, max_length=MOST_CARDS * (2 * LONGEST_SIDE + 3),
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "sun = Sonne"}),
        help_text=gettext_lazy("One card a line, front = back. A front alone is enough."),
    )  # fmt: skip


class NewSetForm(CardsForm):
    """A set, and its first cards."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    tags = TagsField()
    field_order = ("title", "pictures", "with_names", "lines", "tags")


class CardForm(forms.Form):
    """Both sides of a card."""

    front_text = forms.CharField(label=gettext_lazy("Words on the front"), max_length=LONGEST_SIDE, required=False)
    front_picture = FilesField(
        CARD_PICTURE, kinds=[Kind.PICTURE], required=False, label=gettext_lazy("Picture on the front")
    )
    front_sound = FilesField(CARD_SOUND, kinds=[Kind.AUDIO], required=False, label=gettext_lazy("Sound of the front"))
    back_text = forms.CharField(label=gettext_lazy("Words on the back"), max_length=LONGEST_SIDE, required=False)
    back_picture = FilesField(
        CARD_PICTURE, kinds=[Kind.PICTURE], required=False, label=gettext_lazy("Picture on the back")
    )
    back_sound = FilesField(CARD_SOUND, kinds=[Kind.AUDIO], required=False, label=gettext_lazy("Sound of the back"))
    without = forms.MultipleChoiceField(
        label=gettext_lazy("Take off the card"), required=False, widget=forms.CheckboxSelectMultiple
    )


class NewSetView(ResourceFormView):
    """A set with its first cards."""

    form_class = NewSetForm
    template_name = TEMPLATE
    edits = False
    page_title = gettext_lazy("New card set")
    submit = gettext_lazy("Make the set")
    success_message = gettext_lazy("The set is on your list.")
    body_limit = files_body_limit(SIGNED_IN_BYTES)

    def perform(self, form: NewSetForm) -> Resource:
        wanted, now = form.cleaned_data, clock.now()
        with sealed(wanted["pictures"], purpose=CARD_PICTURE, by=self.user) as pictures:
            made = actions.add_set(title=wanted["title"], tags=wanted["tags"], by=self.user, now=now)
            add(made, wanted, pictures, self.user)
        return made

    def get_success_url(self) -> str:
        return reverse("resources:resource", args=[self.result.pk])


class MoreCardsView(OneResourceFormView):
    """More cards, behind the others."""

    form_class = CardsForm
    template_name = TEMPLATE
    edits = False
    page_title = gettext_lazy("More cards")
    submit = gettext_lazy("Add to the set")
    body_limit = files_body_limit(SIGNED_IN_BYTES)

    def load(self, pk: UUID) -> None:
        super().load(pk)
        self.resource = get_card_set(self.user, pk)

    def perform(self, form: CardsForm) -> int:
        with sealed(form.cleaned_data["pictures"], purpose=CARD_PICTURE, by=self.user) as pictures:
            return add(self.resource, form.cleaned_data, pictures, self.user)

    def get_back_url(self) -> str:
        return reverse("resources:cards", args=[self.resource.pk])

    def get_success_message(self) -> str:
        return ngettext("%(number)s card added.", "%(number)s cards added.", self.result) % {"number": self.result}


class CardFormView(OneResourceFormView):
    """A form about one card."""

    edits = False
    form_class = CardForm
    template_name = TEMPLATE
    body_limit = files_body_limit(SIGNED_IN_BYTES)
    card: Card | None = None

    def get_form(self, *posted: Any) -> forms.BaseForm:
        form = super().get_form(*posted)
        has = [name for name in FILE_FIELDS if self.card is not None and getattr(self.card, f"{name}_id")]
        if has:
            form.fields["without"].choices = [(name, form.fields[name].label) for name in has]  # type: ignore[attr-defined]
        else:
            del form.fields["without"]
        return form

    def get_back_url(self) -> str:
        return reverse("resources:cards", args=[self.resource.pk])

    def content(self, form: forms.Form, files: dict[str, Any]) -> CardContent:
        """What the action writes."""
        wanted = form.cleaned_data
        without = frozenset(wanted.get("without", ()))
        return CardContent(wanted["front_text"], wanted["back_text"], files, without)

    def perform(self, form: CardForm) -> Card:
        files = {name: form.cleaned_data[name][0] for name in FILE_FIELDS if form.cleaned_data[name]}
        pictures = [name for name in files if name.endswith("picture")]
        sounds = [name for name in files if name.endswith("sound")]
        with (
            sealed([files[name] for name in pictures], purpose=CARD_PICTURE, by=self.user) as seen,
            sealed([files[name] for name in sounds], purpose=CARD_SOUND, by=self.user) as heard,
        ):
            given = dict(zip([*pictures, *sounds], [*seen, *heard], strict=True))
            return self.write(self.content(form, given))

    def write(self, content: CardContent) -> Card:
        """Call the action."""
        raise NotImplementedError


class NewCardView(CardFormView):
    """One card, with both of its sides."""

    page_title = gettext_lazy("New card")
    submit = gettext_lazy("Add to the set")
    success_message = gettext_lazy("The card is in the set.")

    def load(self, pk: UUID) -> None:
        super().load(pk)
        self.resource = get_card_set(self.user, pk)

    def write(self, content: CardContent) -> Card:
        return actions.add_card(resource=self.resource, content=content, by=self.user, now=clock.now())


class CardView(CardFormView):
    """What stands on a card."""

    edits = True
    page_title = gettext_lazy("Change a card")
    success_message = gettext_lazy("Saved.")
    card: Card

    def load(self, pk: UUID, card: UUID) -> None:  # type: ignore[override] because its address names the card, too
        self.card = get_card(self.user, pk, card, to=CHANGE)
        self.resource = self.card.resource

    def get_edited(self) -> list[Card]:
        return [self.card]

    def get_initial(self) -> dict[str, Any]:
        return {"front_text": self.card.front_text, "back_text": self.card.back_text}

    def write(self, content: CardContent) -> Card:
        return actions.change_card(card=self.card, content=content, by=self.user, now=clock.now())


def add(resource: Resource, wanted: dict[str, Any], pictures: list[Any], by: Any) -> int:
    """Cards of the pictures, then of the lines. How many."""
    lines, now = cards_of(wanted["lines"]), clock.now()
    if pictures:
        actions.add_cards(resource=resource, pictures=pictures, with_names=wanted["with_names"], by=by, now=now)
    if lines:
        actions.add_lines(resource=resource, lines=lines, by=by, now=now)
    return len(pictures) + len(lines)


def get_card_set(user: Any, pk: UUID) -> Resource:
    """One's own set of cards. NotFound for what is none."""
    return get_resource(user, pk, to=CHANGE, kind=Resource.Kind.CARDS)
