"""Who the two organizations are: facts as plain values."""

from dataclasses import dataclass, field

from branding.rules.nouns import Noun


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works there; the first part of the address is made from the name."""

    name: str
    role: str
    title: str
    color: str
    time_zone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A client, with the people who sign in for them as (name, relationship, time zone)."""

    first_name: str
    last_name: str
    time_zone: str
    logins: tuple[tuple[str, str], ...] = ()
    born_on: str = ""
    status: str = "active"
    hides_costs: bool = False
    may_cancel: bool = False
    language: str = ""  # what they read; the organization's first language where nothing is said


@dataclass(frozen=True, slots=True)
class Offer:
    """A service: name, price in minor units, minutes, tax in per cent, its names in the other languages."""

    name: str
    amount: int
    minutes: int
    tax_rate: str = "0"
    other_names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A branch, which is met under a look of its own; `worker` is who belongs to it."""

    label: str
    name: str
    tagline: str
    host: str
    color: str
    accent: str
    address: str
    phone: str
    reply_to: str
    worker: str


@dataclass(frozen=True, slots=True)
class Practice:
    """Everything that the demo puts into one organization."""

    name: str
    slug: str
    blueprint: str
    tagline: str
    time_zone: str
    country: str
    currency: str
    languages: tuple[str, ...]
    address: str
    phone: str
    workers: tuple[Worker, ...]
    people: tuple[Person, ...]
    offers: tuple[Offer, ...]
    agent: tuple[str, str] = ("", "")  # name, agency
    sender: str = ""  # an address of an own mail domain; neutral where nothing is said
    text_sender: str = ""  # the name that text messages come from
    own_host: str = ""  # a web address that was asked for, and whose records are awaited
    who_books: str = "everybody"  # online
    skipped: tuple[str, ...] = ()  # steps of the setup guide that the owner does without
    rooms: tuple[str, ...] = field(default=("Room 1", "Room 2", "Room 3"))
    equipment: tuple[str, ...] = field(default=("Portable audiometer",))
    words: dict[str, dict[str, Noun]] = field(default_factory=dict)  # language, term, noun of its own
    branch: Place | None = None


HARBOUR = Practice(
    name="Harbour Speech Therapy",
    slug="harbour",
    blueprint="clinic",
    tagline="Finding words, together.",
    time_zone="Europe/Dublin",
    country="IE",
    currency="EUR",
    languages=("en", "de"),
    address="14 Quay Street\nGalway H91 XY44",
    phone="+353 91 555 0140",
    text_sender="HarbourTalk",
    branch=Place(
        "Limerick",
        "Shannon Voice Rooms",
        "A voice of your own.",
        "shannon.localhost",
        "#4338ca",
        "#be185d",
        "3 Bridge Row\nLimerick V94 K1C2",
        "+353 61 555 0177",
        "hello@shannon.example",
        "Niall Okafor",
    ),
    workers=(
        Worker("Olivia Brennan", "owner", "Practice owner", "#0f766e"),
        Worker("Sam Keane", "staff", "Front desk", "#64748b"),
        Worker("Tess Whelan", "practitioner", "Speech and language therapist", "#0e7490"),
        Worker("Niall Okafor", "practitioner", "Speech and language therapist", "#9333ea", "Europe/London"),
        Worker("Birgit Sommer", "practitioner", "Logopädin", "#ca8a04", "Europe/Berlin", "de"),
    ),
    people=(
        Person(
            "Cleo",
            "Marten",
            "Europe/Dublin",
            (("Gus Marten", "guardian"), ("Iris Marten", "guardian")),
            "2017-05-14",
            may_cancel=True,
        ),
        Person("Finn", "Doyle", "Europe/Dublin", (("Maeve Doyle", "guardian"),), "2019-02-02", hides_costs=True),
        Person(
            "Ruth",
            "Albrecht",
            "Europe/Berlin",
            (("Ruth Albrecht", "self"),),
            "1958-11-23",
            may_cancel=True,
            language="de",
        ),
        Person("Leo", "Nakamura", "Asia/Tokyo", (("Hana Nakamura", "guardian"),), "2016-08-30"),
        Person("Amara", "Nwosu", "Europe/London", (("Amara Nwosu", "self"),), "1990-01-09"),
        Person("Jonas", "Weber", "Europe/Berlin", (("Katrin Weber", "guardian"),), "2018-12-01", language="de"),
        Person("Sadie", "O’Rourke", "America/New_York", (("Pat O’Rourke", "guardian"),), "2015-06-17"),
        Person("Milo", "Fitzgerald", "Europe/Dublin", (), "2020-03-21"),
        Person("Elena", "Popescu", "Europe/Bucharest", (("Elena Popescu", "self"),), "1983-09-04"),
        Person("Theo", "Byrne", "Europe/Dublin", (("Aoife Byrne", "guardian"),), "2014-10-10", status="inactive"),
        Person("Nora", "Quinn", "Europe/Dublin", (), "", status="prospect"),
    ),
    offers=(
        Offer("Speech therapy, 45 minutes", 7200, 45, other_names={"de": "Sprachtherapie, 45 Minuten"}),
        Offer("First assessment", 11000, 60, other_names={"de": "Erste Untersuchung"}),
        Offer("Group: conversation", 3500, 60, other_names={"de": "Gruppe: Gespräch"}),
    ),
    agent=("Ada Lindqvist", "Westside Family Services"),
    own_host="care.harbour.example",
)

CADENZA = Practice(
    name="Cadenza Music School",
    slug="cadenza",
    who_books="clients",
    blueprint="school",
    tagline="Play what you hear.",
    time_zone="America/New_York",
    country="US",
    currency="USD",
    languages=("en", "es", "fr"),
    address="208 Maple Avenue\nBrooklyn, NY 11215",
    phone="+1 718 555 0182",
    workers=(
        Worker("Olga Ferrara", "owner", "Director", "#7c2d6b"),
        Worker("Diego Santos", "administrator", "Office", "#64748b"),
        Worker("Mia Castellano", "practitioner", "Piano", "#b45309"),
        Worker("Julian Park", "practitioner", "Violin", "#be123c", "America/Chicago"),
        Worker("Lucía Romero", "practitioner", "Guitar and voice", "#4d7c0f", "America/Mexico_City", "es"),
    ),
    people=(
        Person(
            "Hazel", "Thornton", "America/New_York", (("Grant Thornton", "guardian"),), "2013-04-11", may_cancel=True
        ),
        Person("Noah", "Kim", "America/Los_Angeles", (("Jin Kim", "guardian"),), "2012-07-19"),
        Person(
            "Sofía", "Herrera", "America/Mexico_City", (("Carmen Herrera", "guardian"),), "2015-01-27", language="es"
        ),
        Person("Walter", "Brooks", "America/New_York", (("Walter Brooks", "self"),), "1961-03-08", may_cancel=True),
        Person("Priya", "Raman", "Asia/Kolkata", (("Priya Raman", "self"),), "1995-12-12"),
        Person("Ellis", "Monroe", "America/Chicago", (("Dana Monroe", "guardian"),), "2014-09-02", hides_costs=True),
        Person("Zoé", "Lambert", "Europe/Paris", (("Zoé Lambert", "self"),), "1999-05-25", language="fr"),
        Person("Mateo", "Vargas", "America/New_York", (), "2016-11-30"),
        Person("Ivy", "Chen", "America/New_York", (("Lin Chen", "guardian"),), "2011-02-14", status="inactive"),
        Person("Oscar", "Bell", "America/New_York", (), "", status="prospect"),
    ),
    offers=(
        Offer("Lesson, 30 minutes", 4200, 30, "8.875", {"es": "Clase de 30 minutos", "fr": "Cours de 30 minutes"}),
        Offer("Lesson, 60 minutes", 7800, 60, "8.875", {"es": "Clase de 60 minutos", "fr": "Cours de 60 minutes"}),
        Offer("Ensemble, 60 minutes", 2400, 60, "8.875", {"es": "Conjunto, 60 minutos", "fr": "Ensemble, 60 minutes"}),
    ),
    agent=("Ari Goldberg", "Brooklyn Arts Fund"),
    sender="hello@cadenza.example",
    text_sender="Cadenza",
    rooms=("Studio A", "Studio B", "Recital room"),
    equipment=("Digital piano",),
    skipped=("brand", "domain"),
    words={
        "en": {"session": Noun("online lesson", "online lessons"), "room": Noun("studio", "studios")},
        "es": {"session": Noun("clase en línea", "clases en línea", "f"), "room": Noun("estudio", "estudios", "m")},
        "fr": {"session": Noun("cours en ligne", "cours en ligne", "m"), "room": Noun("studio", "studios", "m")},
    },
)

PRACTICES = (HARBOUR, CADENZA)
