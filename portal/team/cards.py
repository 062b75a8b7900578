"""One's own card, and everybody's for those who look after staff."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.models import Service
from branding.images import MOST_BYTES
from branding.queries import current_brand
from core.kernel import clock
from core.kernel.errors import NotFound
from core.pages.actions import keep_picture
from core.people.models import StaffMember
from core.people.roles import Permission
from core.team import actions, permissions, queries
from core.team.models import CardReview, PublicCard
from core.team.queries import CardState
from portal import person_page
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.settings_pages import SettingsFormView, settings_menu
from portal.team.forms import CardForm, ReviewForm, initial_of
from tenants.bodies import SIGNED_IN_BYTES

TONES = {"none": "neutral", "hidden": "neutral", "waiting": "info", "changed": "warning", "public": "success"}


def languages() -> list[str]:
    """Those of the organization, its first one first."""
    return current_brand().languages or ["en"]


class CardView(FormView):
    """A card, as the person wants it."""

    template_name = "team/card.html"
    edits = True
    body_limit = MOST_BYTES * 3 // 2 + SIGNED_IN_BYTES

    def load(self, pk: Any) -> None:
        self.staff = permissions.get_staff_for_card(self.user, pk)
        self.card = queries.card_of(self.staff)

    def get_edited(self) -> list[Any]:
        return [self.card] if self.card else []

    @property
    def is_free(self) -> bool:
        """Whether what is written here is seen without a release by somebody else."""
        return permissions.can_release_cards(self.user) or not queries.needs_review()

    def get_form(self, *posted: Any) -> CardForm:
        offered = [
            (str(each.pk), str(each.own_name)) for each in Service.objects.filter(is_active=True).order_by("name")
        ]
        said = (
            _("Readers see it as soon as you save.")
            if self.is_free
            else _("Readers see it once somebody has released it.")
        )
        initial = initial_of(self.card, name=self.staff.user.name, title=self.staff.title, main=languages()[0])
        return CardForm(*posted, languages=languages(), services=offered, may_show=said, initial=initial)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        state = queries.state_of(self.card)
        may_release = permissions.can_release_cards(self.user)
        return {
            **super().get_context_data(form),
            "staff": self.staff,
            "is_own": self.staff.user_id == self.user.pk,
            "badge": badge(state),
            "card": self.card,
            "is_public": self.is_public,
            "public_url": person_page.path_of(self.card.released["slug"]) if self.is_public and self.card else "",
            "seen": self.card.changed_at.isoformat() if self.card else "",
            "may_release": may_release and state in (CardState.WAITING, CardState.CHANGED),
        }

    @property
    def is_public(self) -> bool:
        """Whether readers see something of it now."""
        return bool(self.card and self.card.is_wanted and self.card.released and self.staff.is_active)

    def perform(self, form: CardForm) -> PublicCard:
        def keep(upload: Any) -> str:
            return str(keep_picture(upload=upload, by=self.user).pk)

        return actions.write_card(
            staff=self.staff, by=self.user, now=clock.now(), path=reverse("cards:card", args=[self.staff.pk]),
            **form.values(keep),
        )  # fmt: skip

    def get_success_message(self) -> str:
        said = {
            CardState.PUBLIC: _("Saved. Readers of the website see it."),
            CardState.HIDDEN: _("Saved. Nobody sees it on the website."),
        }
        return said.get(queries.state_of(self.result), _("Saved. It waits for somebody who releases it."))

    def get_success_url(self) -> str:
        return reverse("cards:card", args=[self.staff.pk])


class PreviewView(SignedInView):
    """The card as readers would see it, released or not."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        staff = permissions.get_staff_for_card(self.user, pk)
        card = queries.card_of(staff)
        if card is None:
            raise NotFound
        wanted = request.GET.get("language", "")
        with translation.override(wanted if wanted in languages() else get_language()):
            shown = queries.shown(card.content(), get_language() or "en")
            return person_page.render_person(request, shown, is_preview=True)


class ReleaseView(ActionView):
    """Let readers see a card as it is now."""

    success_message = gettext_lazy("Released. Readers of the website see it.")

    def load(self, pk: Any) -> None:
        self.staff = permissions.get_staff_to_release(self.user, pk)

    def perform(self) -> None:
        actions.release_card(staff=self.staff, by=self.user, now=clock.now(), seen=self.request.POST.get("seen", ""))

    def get_success_url(self) -> str:
        return reverse("cards:card", args=[self.staff.pk])


class CardListView(SignedInView):
    """Everybody who works here, with how far their card is."""

    needs = Permission.MANAGE_STAFF

    def get(self, request: HttpRequest) -> HttpResponse:
        active = StaffMember.objects.filter(status=StaffMember.Status.ACTIVE).select_related("user", "card")
        rows = [
            {
                "name": staff.user.name,
                "title": staff.title,
                "url": reverse("cards:card", args=[staff.pk]),
                "badge": badge(queries.state_of(getattr(staff, "card", None))),
            }
            for staff in active.order_by("user__sort_key")
        ]
        context = {"rows": rows, "needs_review": queries.needs_review(), "settings_menu": settings_menu(request)}
        return render(request, "team/cards.html", context)


class ReviewView(SettingsFormView):
    """Whether cards are looked at by somebody else first."""

    needs = Permission.MANAGE_STAFF
    template_name = "team/review.html"
    form_class = ReviewForm
    edits = True
    success_message = gettext_lazy("Saved.")

    def get_edited(self) -> list[Any]:
        return list(CardReview.objects.all())

    def get_initial(self) -> dict[str, Any]:
        return {"is_needed": queries.needs_review()}

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "settings_menu": settings_menu(self.request, at="cards:list")}

    def perform(self, form: ReviewForm) -> None:
        actions.change_review(is_needed=form.cleaned_data["is_needed"], by=self.user)

    def get_success_url(self) -> str:
        return reverse("cards:list")


def badge(state: CardState) -> dict[str, str]:
    """A state in words and colour."""
    words = {
        CardState.NONE: _("Not written"),
        CardState.HIDDEN: _("Not on the website"),
        CardState.WAITING: _("Waits for its release"),
        CardState.CHANGED: _("On the website, with changes that wait"),
        CardState.PUBLIC: _("On the website"),
    }
    return {"label": words[state], "tone": TONES[state]}
