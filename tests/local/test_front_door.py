"""A host of an organization's own, from its DNS records to a page over TLS: the real proxy, the real application, a real name server.

Once with the proxy's own authority, once by an ACME order at a test authority that validates the host by the same name server.
"""

import json
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from django.test.testcases import QuietWSGIRequestHandler

from core.kernel import clock
from deploy.local import distribution
from tenants import domain_records, domains
from tests.factories.committed import committed_organization
from tests.factories.dns_server import dns_server
from tests.local.caddy import ask, free_port, front_door

HOST = "care.clinic.example"
STRANGERS = 40  # each refused handshake takes the proxy a fifth of a second; tests/tenants asks for a thousand


@contextmanager
def application():
    """The product itself, over HTTP."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def names():
    with (
        dns_server() as server,
        override_settings(EDGE_DOMAIN="edge.invalid", EDGE_ADDRESSES=["127.0.0.1"], PUBLIC_SCHEME="https"),
    ):
        server.zones.add_zone("clinic.example")
        yield server


@pytest.fixture
def practice(django_db_setup, django_db_blocker):
    with committed_organization(slug="tls", host="tls.localhost", blocker=django_db_blocker) as organization:
        yield organization


def records_set(zones, domain):
    zones.text(f"_verify.{HOST}", domain.verification_token)
    zones.set(HOST, "CNAME", f"{domain_records.target_host(domain)}.")
    zones.set(domain_records.target_host(domain), "A", "127.0.0.1")


def certificate_of(https, authority):
    """What is shown for the host, as a client that trusts the authority sees it."""
    trust = ssl.create_default_context(cafile=authority)
    with (
        socket.create_connection(("127.0.0.1", https), timeout=20) as plain,
        trust.wrap_socket(plain, server_hostname=HOST) as secured,
    ):
        return x509.load_der_x509_certificate(secured.getpeercert(binary_form=True))


def names_in(certificate):
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
        x509.DNSName
    )


def check(practice, domain):
    return domains.check_domain(practice.pk, domain.pk, by="Tests", now=clock.now())[0]


def test_host_goes_live_over_tls_and_no_stranger_gets_a_certificate(practice, names, tmp_path):
    with application() as upstream, front_door(upstream, tmp_path) as door:
        with override_settings(FRONT_DOOR=f"127.0.0.1:{door.https}", FRONT_DOOR_AUTHORITY=str(door.own_authority)):
            domain = domains.add_domain(practice.pk, host=HOST, by="Tests", now=clock.now())
            with pytest.raises(ssl.SSLError):
                ask(door.https, HOST)
            records_set(names.zones, domain)
            assert (check(practice, domain).state, HOST in door.certificates()) == ("live", True)

        certificate = certificate_of(door.https, door.own_authority)
        assert names_in(certificate) == [HOST] and not certificate.subject.rdns  # no list of other customers, no vendor
        status, headers, body = ask(door.https, HOST)
        assert status == 200 and "Tls Clinic" in body and "Server" not in headers

        before = door.certificates()
        with ThreadPoolExecutor(4) as threads:
            assert all(
                threads.map(lambda number: is_refused(door.https, f"x{number}.stranger.example"), range(STRANGERS))
            )
        assert door.certificates() == before

        names.zones.set(HOST, "CNAME", "elsewhere.invalid.")
        assert check(practice, domain).problem == "moved_away"
        status, headers, body = ask(door.https, HOST)
        assert status == 404 and "Tls Clinic" not in body and "Set-Cookie" not in headers and "Location" not in headers


def test_certificate_is_ordered_by_acme(practice, names, tmp_path):
    try:
        program = distribution.program("pebble")
    except distribution.MissingProgram as missing:
        pytest.skip(str(missing))
    https, http = free_port(), free_port()
    with (
        authority(program, tmp_path, https=https, http=http, names=names) as issuer,
        application() as upstream,
        front_door(upstream, tmp_path, https=https, http=http, issuer=issuer["caddy"]) as door,
        override_settings(FRONT_DOOR=f"127.0.0.1:{https}", FRONT_DOOR_AUTHORITY=str(issuer["root"])),
    ):
        domain = domains.add_domain(practice.pk, host=HOST, by="Tests", now=clock.now())
        records_set(names.zones, domain)
        until = time.monotonic() + 60  # an order is a few round trips; the rest is for a busy machine
        while (found := check(practice, domain)).state != "live":
            assert time.monotonic() < until, (tmp_path / "pebble.log").read_text()[-2000:]
            time.sleep(0.5)
        certificate = certificate_of(door.https, issuer["root"])
        assert names_in(certificate) == [HOST] and found.certificate_until == certificate.not_valid_after_utc
        kept = next((door.data / "certificates").rglob(f"{HOST}.crt"))
        assert kept.parent.parent.name.endswith(
            "-dir"
        )  # by the authority's directory, and not by the proxy's own authority


@contextmanager
def authority(program, folder, *, https, http, names):
    """An ACME authority that validates at the proxy's ports, and finds hosts by the test's name server."""
    directory, management = free_port(), free_port()
    own_certificate(folder)
    config = {
        "listenAddress": f"127.0.0.1:{directory}", "managementListenAddress": f"127.0.0.1:{management}",
        "certificate": str(folder / "acme.pem"), "privateKey": str(folder / "acme.key"), "httpPort": http, "tlsPort": https,
        "ocspResponderURL": "", "externalAccountBindingRequired": False,
    }  # fmt: skip
    (folder / "pebble.json").write_text(json.dumps({"pebble": config}))
    command = [program, "-config", folder / "pebble.json", "-dnsserver", f"127.0.0.1:{names.port}"]
    quick = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PATH": "/usr/bin:/bin"}
    with (
        (folder / "pebble.log").open("wb") as log,
        subprocess.Popen(command, env=quick, stdout=log, stderr=log) as pebble,
    ):
        try:
            root = folder / "root.pem"
            root.write_bytes(fetched(f"https://127.0.0.1:{management}/roots/0"))
            caddy = f"acme_ca https://127.0.0.1:{directory}/dir\n\tacme_ca_root {folder / 'acme.pem'}"
            yield {"caddy": caddy, "root": root}
        finally:
            pebble.terminate()


def fetched(url):
    untrusted = ssl.create_default_context()
    untrusted.check_hostname, untrusted.verify_mode = False, ssl.CERT_NONE
    until = time.monotonic() + 120  # a second where nothing else runs
    while True:
        try:
            with urlopen(url, context=untrusted, timeout=5) as answer:
                return answer.read()
        except OSError:
            assert time.monotonic() < until, "the authority did not start"
            time.sleep(0.1)


def own_certificate(folder):
    """Of the authority's own interface, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme")])
    built = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1)
    )
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        built.add_extension(alternative, False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "acme.pem").write_bytes(signed.public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "acme.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain))


def is_refused(https, host):
    try:
        ask(https, host)
    except (ssl.SSLError, ConnectionError):
        return True
    return False
