"""What is wrong with a record or a mail server, as people who look after a domain read it."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class SenderReason(ReasonCode):
    """Stored code, sentence."""

    FINE = "sender.fine", gettext_noop("It is there, and it is right.")
    UNKNOWN = "sender.unknown", gettext_noop("The DNS did not answer. This says nothing about the record; look again.")
    MISSING = "sender.missing", gettext_noop("There is no such record yet. New ones take minutes, at times hours.")
    DKIM_TWO = "sender.dkim_two", gettext_noop("There are two keys under this name. Remove the one that is not ours.")
    DKIM_NO_KEY = "sender.dkim_no_key", gettext_noop("The record holds no key: “%(seen)s”. Set it as it stands here.")
    DKIM_CUT = (
        "sender.dkim_cut",
        gettext_noop(
            "The key was cut off after %(seen)s of %(whole)s characters. Set it in parts of at most 255 characters each, in quotes, "
            "or set the alias (CNAME), which cannot be cut."
        ),
    )
    DKIM_WRONG = (
        "sender.dkim_wrong",
        gettext_noop("This is another key than the one that signs. Replace it with the one that stands here."),
    )
    SPF_TWO = (
        "sender.spf_two",
        gettext_noop(
            "There are %(count)s SPF records, and receivers then read none of them. Keep one: the merged record that stands here."
        ),
    )
    SPF_BROKEN = "sender.spf_broken", gettext_noop("The SPF record of %(name)s cannot be read at “%(term)s”.")
    SPF_TOO_MANY = (
        "sender.spf_too_many",
        gettext_noop(
            "The SPF record needs more than %(most)s look-ups, and receivers then read none of it. Remove services that you no longer use."
        ),
    )
    SPF_NOT_OURS = (
        "sender.spf_not_ours",
        gettext_noop(
            "There is an SPF record, but it does not name the servers that send your mail. Replace it with the merged record."
        ),
    )
    SPF_TOO_LATE = (
        "sender.spf_too_late",
        gettext_noop("What stands after “all” is never read. Move “include:%(include)s” before it."),
    )
    SPF_GONE = "sender.spf_gone", gettext_noop("The SPF record names %(name)s, which has none.")
    RETURN_NO_MAIL = (
        "sender.return_no_mail",
        gettext_noop("%(name)s takes no mail: what cannot be delivered would have nowhere to return to."),
    )
    DMARC_TWO = "sender.dmarc_two", gettext_noop("There are %(count)s DMARC records, so that none counts. Keep one.")
    DMARC_BROKEN = (
        "sender.dmarc_broken",
        gettext_noop("The DMARC record has no policy that can be read. At least: “v=DMARC1; p=none”."),
    )
    ADDRESS_PRIVATE = (
        "sender.address_private",
        gettext_noop("%(host)s leads into a private network. Name a mail server that is reachable from the internet."),
    )
    HOST_UNKNOWN = "sender.host_unknown", gettext_noop("There is no server of the name %(host)s.")
    SERVER_REFUSES = "sender.server_refuses", gettext_noop("%(host)s takes no connection at port %(port)s.")
    SERVER_SLOW = "sender.server_slow", gettext_noop("%(host)s did not answer within %(seconds)s seconds.")
    SERVER_HUNG_UP = "sender.server_hung_up", gettext_noop("%(host)s ended the connection before it was done.")
    CERTIFICATE = (
        "sender.certificate",
        gettext_noop("The certificate of %(host)s is not good (%(said)s), so no password was sent."),
    )
    NO_TLS = (
        "sender.no_tls",
        gettext_noop(
            "%(host)s does not speak TLS in this way at port %(port)s. Usual are 587 with STARTTLS and 465 with TLS."
        ),
    )
    LOGIN_REFUSED = "sender.login_refused", gettext_noop("%(host)s does not take this user name and password: %(said)s")
    FROM_REFUSED = "sender.from_refused", gettext_noop("%(host)s does not send for %(address)s: %(said)s")
    SERVER_SAID = "sender.server_said", gettext_noop("%(host)s refused: %(said)s")
    PASSWORD_LOST = "sender.password_lost", gettext_noop("The password cannot be read any more. Type it again.")
