"""An own mail server: reached only where it may be, for a limited time, under a good certificate; every trouble in words."""

import datetime as dt
import socket
import ssl
import threading
import time
from email import message_from_bytes

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from branding.senders import actions, servers
from branding.senders.backend import OwnServerBackend
from branding.senders.models import Sender
from branding.senders.queries import current_sender
from branding.senders.reasons import SenderReason
from core.kernel import clock, outbox, outside
from core.kernel.errors import DomainError
from core.kernel.limits import TooOften
from core.notifications.models import Delivery, Notice
from core.people.notifications import password_reset_requested
from tests.factories.mail_domain import mail_server, prove

PASSWORD = "s3cret: {%} \\ '\""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """One for `localhost`, signed by itself; trusted by whoever names its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def authenticator(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (b"north", PASSWORD.encode())
    return AuthResult(success=good, handled=good)


@pytest.fixture
def server(certificate, settings):
    """A server that asks for TLS and a password."""
    settings.PRIVATE_MAIL_SERVERS = True
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    options = {"tls_context": context, "require_starttls": True, "authenticator": authenticator, "auth_required": True}
    with mail_server(**options) as running:
        yield running


def enter(cast, port, **other):
    values = {
        "address": "hello@clinic.example", "host": "localhost", "port": port, "security": "starttls", "user": "north", "password": PASSWORD,
    }  # fmt: skip
    return actions.change_server(**{**values, **other}, by=cast.nora)


def tried(cast):
    return actions.check_server(now=clock.now(), by=cast.nora).code


def send_all():
    while outbox.deliver_due():
        pass


def test_mail_leaves_by_the_own_server_after_its_test_and_proof(cast, server, trusted):
    enter(cast, server.port)
    with pytest.raises(DomainError) as refusal:
        actions.choose_way("server", by=cast.nora)
    assert refusal.value.code == "server_not_ready"
    assert tried(cast) == SenderReason.FINE and not server.kept
    with pytest.raises(DomainError) as refusal:
        actions.choose_way("server", by=cast.nora)
    assert refusal.value.code == "address_not_proven"
    prove("hello@clinic.example", cast.nora)
    actions.choose_way("server", by=cast.nora)
    password_reset_requested(cast.tess)
    send_all()

    [mail] = [each for each in server.kept if each.sent_to == ["tess@north.test"]]
    message = message_from_bytes(mail.raw)
    assert mail.sent_by == "hello@clinic.example" and "hello@clinic.example" in message["From"]
    assert message["Message-ID"].endswith("@clinic.example>")
    assert Delivery.objects.get(address="tess@north.test").state == "sent"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"password": "wrong"}, SenderReason.LOGIN_REFUSED),
        ({"user": "", "password": None}, SenderReason.FROM_REFUSED),
        ({"security": "tls"}, SenderReason.NO_TLS),
        ({"host": "nothing.invalid"}, SenderReason.HOST_UNKNOWN),
        ({"host": "127.0.0.1"}, SenderReason.CERTIFICATE),
    ],
)
def test_each_trouble_has_its_sentence(cast, server, trusted, change, reason):
    enter(cast, server.port, **change)
    assert tried(cast) == reason
    sender = current_sender()
    assert not sender.server_works and sender.server_reason_code == reason.value
    assert PASSWORD not in str(sender.server_reason_values)


def test_certificate_that_nobody_signed_gets_no_password(cast, server):
    enter(cast, server.port)
    assert tried(cast) == SenderReason.CERTIFICATE


def test_nobody_listens(cast, settings):
    settings.PRIVATE_MAIL_SERVERS = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    enter(cast, port)
    assert tried(cast) == SenderReason.SERVER_REFUSES


@pytest.fixture
def hanging(settings, monkeypatch):
    """`hanging(talk)`: a server that runs `talk(connection)` and then keeps the line open."""
    settings.PRIVATE_MAIL_SERVERS = True
    monkeypatch.setattr(OwnServerBackend, "SECONDS", 1)
    servers_made, over = [], threading.Event()

    def make(talk):
        listening = socket.create_server(("127.0.0.1", 0))
        servers_made.append(listening)

        def run():
            connection, _ = listening.accept()
            with connection:
                try:
                    talk(connection, over)
                    over.wait(20)
                except OSError:
                    pass

        threading.Thread(target=run, daemon=True).start()
        return listening.getsockname()[1]

    yield make
    over.set()
    for each in servers_made:
        each.close()


def _silent(connection, over):
    pass


def _drip(connection, over):
    while not over.wait(0.2):
        connection.sendall(b"2")


def _drip_after_greeting(connection, over):
    connection.sendall(b"220 hello\r\n")
    while not over.wait(0.2):
        connection.sendall(b"250-x\r\n")


@pytest.mark.parametrize("talk", [_silent, _drip, _drip_after_greeting])
def test_server_that_hangs_or_drips_holds_nobody(cast, hanging, monkeypatch, talk):
    enter(cast, hanging(talk))
    began = time.monotonic()
    assert servers.try_server(current_sender()).code == SenderReason.SERVER_SLOW
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "100.64.0.1",
        "2130706433",
    ],
)
def test_addresses_inside_are_refused_unconnected(cast, host, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    sender = Sender(server_host=host, server_port=587, server_address="x@clinic.example")
    assert servers.try_server(sender).code in (SenderReason.ADDRESS_PRIVATE, SenderReason.HOST_UNKNOWN)


def test_name_that_changes_its_address_is_connected_where_it_was_looked_at(monkeypatch, settings):
    """The name is looked up once: what a second look would say is of no account."""
    settings.PRIVATE_MAIL_SERVERS = False
    answers = iter([[(2, 1, 6, "", ("192.88.98.1", 587))], [(2, 1, 6, "", ("127.0.0.1", 587))]])
    connected = []

    def connect(address, *_, **__):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))
    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(outside, "is_public", lambda address: address != "127.0.0.1")
    sender = Sender(server_host="rebind.example", server_port=587, server_address="x@clinic.example")
    assert servers.try_server(sender).code == SenderReason.SERVER_REFUSES
    assert connected == [("192.88.98.1", 587)]


@pytest.mark.parametrize("field", ["user", "password"])
def test_letters_that_cannot_be_sent_are_refused_at_their_field(cast, field):
    with pytest.raises(DomainError) as refusal:
        enter(cast, 587, **{field: "geheim ü 🔑"})
    assert refusal.value.field == field and not Sender.objects.exists()


def test_nobody_tries_servers_without_end(cast):
    enter(cast, 587, host="127.0.0.1")
    for _ in range(30):
        assert tried(cast) == SenderReason.ADDRESS_PRIVATE
    with pytest.raises(TooOften):
        tried(cast)
    assert (
        actions.check_server(now=clock.now()).code == SenderReason.ADDRESS_PRIVATE
    )  # at night, for the product itself


def test_odd_ports_are_refused(cast):
    with pytest.raises(DomainError) as refusal:
        enter(cast, 22)
    assert refusal.value.code == "port_refused" and refusal.value.field == "port"


def test_password_is_encrypted_and_never_goes_to_another_server(cast, server, trusted):
    enter(cast, server.port)
    kept = Sender.objects.get().server_password
    assert kept and PASSWORD not in kept
    with pytest.raises(DomainError) as refusal:
        enter(cast, server.port, host="thief.example", password=None)
    assert refusal.value.code == "password_missing"
    assert Sender.objects.get().server_host == "localhost"
    enter(cast, server.port, address="other@clinic.example", password=None)
    assert servers.password_of(Sender.objects.get()) == PASSWORD


def test_server_that_fails_gives_way_to_the_neutral_sender(cast, server, trusted, mailoutbox, moved_clock):
    enter(cast, server.port)
    tried(cast)
    prove("hello@clinic.example", cast.nora)
    send_all()
    actions.choose_way("server", by=cast.nora)
    Sender.objects.update(server_port=1)  # as if nobody listened any more
    mailoutbox.clear()
    password_reset_requested(cast.tess)
    for _ in range(4):
        send_all()
        moved_clock(dt.timedelta(minutes=11))
    sender = current_sender()
    assert not sender.server_works and sender.is_fallen_back
    assert sender.server_reason_code == SenderReason.SERVER_REFUSES
    [mail] = [
        each for each in mailoutbox if each.to == ["Tess North <tess@north.test>"] or "tess@north.test" in each.to[0]
    ]
    assert "no-reply@localhost" in mail.from_email and "North" in mail.from_email
    assert Notice.objects.filter(user_id=cast.nora.pk, kind="sender_broken").count() == 1
    assert Delivery.objects.get(address="tess@north.test").state == "sent"
