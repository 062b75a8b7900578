"""What the file may say, with its shape checked as a whole: every mistake at once, each with where it stands. docs/go-live.json is an example."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from core.kernel import unseen
from core.kernel.plain_text import NOT_PLAIN, is_plain, is_plain_throughout


def _typed(value: Any) -> Any:
    """An address without what cannot be typed."""
    return unseen.address(value) if isinstance(value, str) else value


Line = Annotated[str, Field(max_length=300)]
Picture = Annotated[str, Field(max_length=7_000_000)]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Address = Annotated[str, BeforeValidator(_typed), Field(max_length=254, pattern=r"^\S+@\S+$")]
AddressOrNone = Annotated[str, BeforeValidator(_typed), Field(max_length=254, pattern=r"^(\S+@\S+)?$")]  # empty: none


class Section(BaseModel):
    """Takes text as forms do, and refuses what it does not know, because a misspelt name would otherwise vanish in silence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    of_several_lines: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def seen(cls, value: Any, info: ValidationInfo) -> Any:
        """One line of what can be seen."""
        if not isinstance(value, str):
            return value
        if not is_plain(value):
            raise ValueError(NOT_PLAIN)
        return value if info.field_name in cls.of_several_lines else unseen.one_line(value)


class OrganizationWanted(Section):
    name: Annotated[str, Field(min_length=2, max_length=120)]
    slug: Annotated[str, Field(min_length=2, max_length=60)]
    host: Line
    plan: Line
    owner_email: Address
    owner_name: Line = ""
    blueprint: Line = "clinic"
    time_zone: Line = "UTC"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "DE"


class BrandWanted(Section):
    """Pictures are names of files beside this one, or what is in them: `data:image/svg+xml;base64,…`."""

    of_several_lines = frozenset({"address"})
    tagline: Annotated[str, Field(max_length=200)] | None = None
    primary_color: Color | None = None
    accent_color: Color | None = None
    neutral: Literal["brand", "cool", "plain", "warm"] | None = None
    radius: Literal["sharp", "soft", "round"] | None = None
    heading_font: Line | None = None
    body_font: Line | None = None
    address: Annotated[str, Field(max_length=1000)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    tax_number: Annotated[str, Field(max_length=40)] | None = None
    names_in_mail: bool | None = None
    logo: Picture | None = None
    logo_dark: Picture | None = None
    icon: Picture | None = None
    sign_in_picture: Picture | None = None
    waiting_color: Color | None = None
    call_color: Color | None = None
    sign_in_text: Annotated[str, Field(max_length=1000)] | None = None


class NounWanted(Section):
    singular: Line
    plural: Line
    gender: Literal["", "m", "f", "n"] = ""


class WordsWanted(Section):
    """`nouns`: by language, by noun."""

    set: Line
    nouns: dict[str, dict[str, NounWanted]] = {}


class WebAddressWanted(Section):
    host: Line
    is_primary: bool = True
    is_meant: bool = False


class SenderWanted(Section):
    """What is left out stays as it is."""

    name: Annotated[str, Field(max_length=120)] = ""
    reply_to: AddressOrNone = ""
    reply_to_appointments: AddressOrNone = ""
    reply_to_billing: AddressOrNone = ""
    address: AddressOrNone = ""


class ServiceWanted(Section):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    price: Annotated[Decimal, Field(ge=0, le=1_000_000)]
    minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 45
    unit: Literal["appointment", "hour"] = "appointment"
    tax_rate: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(0)
    description: Annotated[str, Field(max_length=300)] = ""


class StaffWanted(Section):
    email: Address
    name: Annotated[str, Field(min_length=1, max_length=150)]
    role: Line
    title: Annotated[str, Field(max_length=100)] = ""
    time_zone: Line = ""
    language: Line = ""


Hours = Annotated[list[Annotated[str, Field(pattern=r"^\d{1,2}:\d{2} ?[-–] ?\d{1,2}:\d{2}$")]], Field(max_length=6)]


class HoursWanted(Section):
    """Of somebody who works there, by their address; a day that is left out is free. `09:00-12:30`, up to `24:00`."""

    email: Address
    time_zone: Line = ""
    buffer_before: Annotated[int, Field(ge=0, le=240)] = 0
    buffer_after: Annotated[int, Field(ge=0, le=240)] = 0
    monday: Hours = []
    tuesday: Hours = []
    wednesday: Hours = []
    thursday: Hours = []
    friday: Hours = []
    saturday: Hours = []
    sunday: Hours = []


class PageWordsWanted(Section):
    """`sections`: of the kinds of the website's editor, each with `type` and what its fields say."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    description: Annotated[str, Field(max_length=300)] = ""
    sections: Annotated[list[dict[str, Any]], Field(max_length=30)] = []


class PageWanted(Section):
    """`address`: the last part of it; empty for the front page. `texts`: by language."""

    address: Annotated[str, Field(max_length=80)] = ""
    in_menu: bool = True
    texts: Annotated[dict[str, PageWordsWanted], Field(min_length=1, max_length=10)]


class LegalWordsWanted(Section):
    """`body`: HTML of a few elements, or plain paragraphs."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    body: Annotated[str, Field(min_length=1, max_length=200_000)]
    changes: Annotated[str, Field(max_length=600)] = ""


class LegalWanted(Section):
    """`texts`: by language. A consent is found again by its title in the first language of the organization."""

    kind: Literal["terms", "privacy", "imprint", "consent"]
    texts: Annotated[dict[str, LegalWordsWanted], Field(min_length=1, max_length=10)]
    is_asked_of_clients: bool | None = None
    is_asked_of_staff: bool | None = None
    is_per_client: bool | None = None
    is_linked: bool | None = None
    must_accept: bool = True


class Wanted(Section):
    """The whole file; every section but the first may be left out, and then nothing is changed there."""

    organization: OrganizationWanted
    languages: Annotated[list[Line], Field(min_length=1, max_length=10)] | None = None
    brand: BrandWanted | None = None
    words: WordsWanted | None = None
    web_address: WebAddressWanted | None = None
    sender: SenderWanted | None = None
    services: Annotated[list[ServiceWanted], Field(max_length=200)] = []
    staff: Annotated[list[StaffWanted], Field(max_length=200)] = []
    hours: Annotated[list[HoursWanted], Field(max_length=200)] = []
    website: Annotated[list[PageWanted], Field(max_length=60)] = []
    legal: Annotated[list[LegalWanted], Field(max_length=40)] = []


class Unreadable(Exception):
    """The file is no such thing; `mistakes`: where and what, each as a sentence."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def read(text: str | bytes) -> Wanted:
    """What the text says. Error: `Unreadable`, with every mistake."""
    try:
        wanted = Wanted.model_validate_json(text)
    except ValidationError as error:
        raise Unreadable([_sentence(each) for each in error.errors(include_url=False, include_input=False)]) from error
    if not is_plain_throughout(wanted.model_dump()):  # in lists and keys
        raise Unreadable([f"the file: {NOT_PLAIN}"])
    return wanted


def _sentence(mistake: Any) -> str:
    where = ".".join(str(part) for part in mistake["loc"]) or "the file"
    return f"{where}: {mistake['msg']}"
