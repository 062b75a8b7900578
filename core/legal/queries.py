"""Which texts are out, what each says in whose language, what somebody is asked, and what was answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from branding.queries import current_brand
from core.kernel.errors import NotFound
from core.legal.models import Acceptance, LegalText, LegalVersion, VersionText
from core.legal.permissions import FIXED
from core.legal.rules.asking import is_asked
from core.people.models import Agent, Client, LinkedLogin, StaffMember, User
from core.people.permissions import clients_acted_for
from tenants import hosts
from tenants.context import current_organization

_CONSENTING = (LinkedLogin.Relationship.SELF, LinkedLogin.Relationship.GUARDIAN)
_KEPT = "_legal_texts"


@dataclass(frozen=True, slots=True)
class LiveText:
    """A text that readers find, without its words. `titles`: by language; `words`: the id of what it says, by language."""

    pk: Any
    kind: str
    slug: str
    number: int
    required: int
    of_clients: bool
    of_staff: bool
    per_client: bool
    is_linked: bool
    published_at: Any
    titles: dict[str, str]
    words: dict[str, Any]

    @property
    def is_consent(self) -> bool:
        return self.kind == LegalText.Kind.CONSENT

    @property
    def language(self) -> str:
        """In which language a reader gets it: their own, else the organization's first, else any."""
        return choose(self.titles, get_language() or "")

    @property
    def title(self) -> str:
        return self.titles[self.language]


@dataclass(frozen=True, slots=True)
class Ask:
    """One text that somebody is asked about, for themselves or for a client. `before`: their latest answer to an earlier version."""

    text: LiveText
    client: Client | None
    before: Acceptance | None

    @property
    def key(self) -> str:
        """Names this version in this language, and for whom: what is answered is what was read."""
        return f"{self.text.words[self.text.language]}-{self.client.pk if self.client else 'me'}"


def choose(languages: Iterable[str], wanted: str) -> str:
    """Of these languages the wanted one, else the organization's first, else any; empty for none."""
    there = list(languages)
    return next((each for each in (wanted, current_brand().language, *there) if each in there), "")


def live_texts() -> list[LiveText]:
    """Every text that is out: terms, privacy notice and imprint first. Kept on the organization, which a publication lets go."""
    kept = current_organization().__dict__
    if _KEPT not in kept:
        kept[_KEPT] = _read_live_texts()
    return list(kept[_KEPT])


def forget_live_texts() -> None:
    """Read them anew: here at once, in every other process within a second of the commit."""
    current_organization().__dict__.pop(_KEPT, None)
    transaction.on_commit(hosts.forget_all)


def _read_live_texts() -> list[LiveText]:
    rows = (
        VersionText.objects.filter(version__number=F("version__text__current_number"), version__text__withdrawn_at=None)
        .select_related("version__text").defer("body", "changes").order_by("version__text__created_at")
    )  # fmt: skip
    found: dict[Any, list[VersionText]] = {}
    for row in rows:
        found.setdefault(row.version.text_id, []).append(row)
    return sorted((_live(rows) for rows in found.values()), key=lambda text: _place(text.kind))


def _live(rows: Sequence[VersionText]) -> LiveText:
    version, text = rows[0].version, rows[0].version.text
    return LiveText(
        text.pk, text.kind, text.slug, version.number, text.required_number, text.is_asked_of_clients, text.is_asked_of_staff,
        text.is_per_client, text.is_linked, version.published_at, {row.language: row.title for row in rows},
        {row.language: row.pk for row in rows},
    )  # fmt: skip


def _place(kind: str) -> int:
    return list(LegalText.Kind.values).index(kind)


def texts_to_write() -> list[LegalText]:
    """Those that every organization has, begun or not, then its own consents; each with its titles and how many have accepted it."""
    rows = {text.slug: text for text in LegalText.objects.prefetch_related("versions")}
    fixed = [rows.pop(kind, None) or LegalText(kind=kind, slug=kind) for kind in FIXED]
    return [*fixed, *rows.values()]


def titles_of(texts: Iterable[LegalText]) -> dict[Any, dict[str, str]]:
    """Titles by text and language: of the version that is read, else of the draft."""
    found: dict[Any, dict[str, str]] = {}
    rows = VersionText.objects.filter(version__text__in=[text.pk for text in texts if not text._state.adding])
    shown = rows.filter(Q(version__number=F("version__text__current_number")) | Q(version__number=None))
    for row in shown.select_related("version").defer("body").order_by(F("version__number").asc(nulls_first=True)):
        found.setdefault(row.version.text_id, {})[row.language] = row.title
    return found


def drafts_of(texts: Iterable[LegalText]) -> set[Any]:
    """Which of these texts have a draft that waits."""
    pks = [text.pk for text in texts if not text._state.adding]
    return set(LegalVersion.objects.filter(text__in=pks, number=None).values_list("text_id", flat=True))


def counts_of_acceptances() -> dict[Any, int]:
    """How many people's latest answer to each text is a yes; a guardian counts once for each client."""
    yes = _latest(Acceptance.objects.all()).filter(answer=Acceptance.Answer.ACCEPTED)
    return dict(
        Acceptance.objects.filter(pk__in=yes.values("pk")).order_by().values_list("version__text").annotate(Count("pk"))
    )


def _latest(rows: QuerySet[Acceptance]) -> QuerySet[Acceptance]:
    """Of each person for each client and text the latest answer."""
    whose = ("version__text_id", "user_id", "client_id")
    latest = rows.order_by(*whose, "-at", "-id").distinct(*whose)
    return rows.filter(pk__in=latest.values("pk"))


def draft_of(text: LegalText) -> LegalVersion | None:
    """What is written and not published yet."""
    return None if text._state.adding else text.versions.filter(number=None).first()


def words_to_write(text: LegalText, language: str) -> VersionText | None:
    """What stands in the editor: of the draft, else of the version that is read."""
    if text._state.adding:
        return None
    rows = VersionText.objects.filter(version__text=text, language=language)
    return rows.filter(version__number=None).first() or rows.filter(version__number=text.current_number).first()


def mark_of_draft(text: LegalText) -> str:
    """The state of the draft, to be compared with what somebody has seen."""
    if text._state.adding:
        return ""
    rows = VersionText.objects.filter(version__text=text, version__number=None)
    newest = rows.aggregate(at=Max("changed_at"))["at"]
    return newest.isoformat() if newest else ""


def versions_of(text: LegalText) -> QuerySet[LegalVersion]:
    """What was published, the newest first."""
    return text.versions.filter(number__isnull=False).prefetch_related("texts")


def published(slug: str, number: int | None = None) -> LegalVersion:
    """The version that is read, or one of before, with its words. NotFound, also for a text that was never published."""
    wanted = F("text__current_number") if number is None else number
    rows = LegalVersion.objects.select_related("text").prefetch_related("texts")
    found = rows.filter(text__slug=slug, number=wanted).first()
    if found is None:
        raise NotFound(f"legal text {slug}")
    return found


def words_for(version: LegalVersion, language: str) -> VersionText:
    """What a version says to a reader of this language."""
    by_language = {row.language: row for row in version.texts.all()}
    return by_language[choose(by_language, language)]


def has_agreements(user: User) -> bool:
    """Whether there is anything to read of agreements: a text that is asked of anybody, or an answer that this person gave to one taken out since."""
    is_asked_anything = any(text.of_clients or text.of_staff for text in live_texts())
    return is_asked_anything or Acceptance.objects.filter(user=user).exists()


def mark_of_asked() -> str:
    """Changes when somebody may have to be asked anew; empty when nobody is asked anything."""
    asked = [text for text in live_texts() if text.of_clients or text.of_staff]
    return ",".join(
        f"{text.pk}:{text.required}:{text.of_clients:d}{text.of_staff:d}{text.per_client:d}" for text in asked
    )


def asks_of(user: User) -> list[Ask]:
    """Every text that concerns this person, each with their latest answer, in order."""
    texts = [text for text in live_texts() if _concerns(text, user)]
    clients: list[Client] = []
    if any(text.per_client for text in texts):
        own = LinkedLogin.objects.filter(user=user, relationship__in=_CONSENTING)
        clients = list(clients_acted_for(user).filter(pk__in=own.values("client")))
    given = latest_answers(user)
    return [
        Ask(text, client, given.get((text.pk, client.pk if client else None)))
        for text in texts
        for client in (clients if text.per_client else [None])
    ]


def open_asks(user: User) -> list[Ask]:
    """What this person has to answer."""
    return [ask for ask in asks_of(user) if is_open(ask)]


def is_open(ask: Ask) -> bool:
    """By the rule: whether it is asked now."""
    return is_asked(answered=ask.before.version.number if ask.before else None, required=ask.text.required)


def _concerns(text: LiveText, user: User) -> bool:
    works_here = user.staff is not None and user.staff.is_active
    if text.of_staff and works_here and not text.per_client:
        return True
    return text.of_clients and (not works_here or text.per_client)


def latest_answers(user: User) -> dict[tuple[Any, Any], Acceptance]:
    """The latest answer of a person, by text and client."""
    rows = Acceptance.objects.filter(user=user).select_related("version__text", "client").order_by("at", "id")
    return {(row.version.text_id, row.client_id): row for row in rows}


def answers_for(client: Client) -> list[Acceptance]:
    """What holds of what was agreed to for a client: of each person and text the latest answer."""
    rows = Acceptance.objects.filter(client=client, version__text__kind=LegalText.Kind.CONSENT)
    return list(_latest(rows).select_related("version__text", "user").order_by("version__text__created_at", "-at"))


def titles_as_answered(rows: Sequence[Acceptance]) -> dict[Any, str]:
    """The title of each answer's version in the language in which it was read, by the answer's id."""
    texts = VersionText.objects.filter(version__in={row.version_id for row in rows}).defer("body")
    by_key = {(text.version_id, text.language): text.title for text in texts}
    return {row.pk: by_key.get((row.version_id, row.language), "") for row in rows}


def full_text(ask: Ask) -> VersionText:
    """The words that an ask is about."""
    return VersionText.objects.get(pk=ask.text.words[ask.text.language])


def people_to_answer(text: LegalText) -> QuerySet[User]:
    """Who can sign in, is asked about a text for themselves, and has not answered yet; nobody for one that is asked for each client."""
    everybody = User.objects.filter(is_active=True).order_by("sort_key", "pk")
    if text.is_per_client or not text.is_live:
        return everybody.none()
    staff = StaffMember.objects.filter(status=StaffMember.Status.ACTIVE).values("user")
    served = LinkedLogin.objects.filter(client__status=Client.Status.ACTIVE).values("user")
    outside = (Q(pk__in=served) | Q(pk__in=Agent.objects.values("user"))) & ~Q(pk__in=staff)
    asked = Q(pk__in=[])
    if text.is_asked_of_staff:
        asked |= Q(pk__in=staff)
    if text.is_asked_of_clients:
        asked |= outside
    return everybody.filter(asked).exclude(Exists(_enough(text).filter(user=OuterRef("pk"), client=None)))


def links_to_answer(text: LegalText) -> QuerySet[LinkedLogin]:
    """The same of a text that is asked for each client: who is asked for whom."""
    links = LinkedLogin.objects.filter(
        relationship__in=_CONSENTING, client__status=Client.Status.ACTIVE, user__is_active=True
    )
    if not (text.is_per_client and text.is_asked_of_clients and text.is_live):
        return links.none()
    given = _enough(text).filter(user=OuterRef("user"), client=OuterRef("client"))
    return links.exclude(Exists(given)).select_related("user", "client").order_by("user__sort_key", "client__sort_key")


def _enough(text: LegalText) -> QuerySet[Acceptance]:
    """Answers after which nobody is asked again (docs/rules/asking.md)."""
    return Acceptance.objects.filter(version__text=text, version__number__gte=text.required_number)
