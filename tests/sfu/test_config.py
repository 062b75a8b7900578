import asyncio

import pytest

from sessions_live.media.engine import EngineError
from sessions_live.media.turn import turn_from
from sessions_live.sfu import metrics
from sessions_live.sfu.config import ConfigError, read

GOOD = {"MEDIA_SECRET": "x" * 32, "MEDIA_PUBLIC_IPS": "203.0.113.7"}


@pytest.fixture
def folder(tmp_path):
    return {"MEDIA_RECORDINGS": str(tmp_path / "recordings")}


def test_config_has_defaults_for_one_machine(folder):
    config = read(GOOD | folder)
    assert (config.host, config.port, config.control, config.workers) == ("0.0.0.0", 10000, ("127.0.0.1", 10100), 1)
    assert config.reach == "127.0.0.1:10100"
    assert config.fanout == "auto" and read(GOOD | folder | {"MEDIA_FANOUT": "plain"}).fanout == "plain"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MEDIA_SECRET", ""),
        ("MEDIA_SECRET", "short"),
        ("MEDIA_PUBLIC_IPS", ""),
        ("MEDIA_PUBLIC_IPS", "0.0.0.0"),
        ("MEDIA_PUBLIC_IPS", "media.example.com"),
        ("MEDIA_HOST", "localhost"),
        ("MEDIA_PORT", "ten"),
        ("MEDIA_PORT", "70000"),
        ("MEDIA_CONTROL", "10100"),
        ("MEDIA_METRICS", "127.0.0.1:port"),
        ("MEDIA_WORKERS", "0"),
        ("MEDIA_MAX_PEERS", "-1"),
        ("MEDIA_FANOUT", "fast"),
        ("MEDIA_RECORDINGS", "/proc/nowhere"),
    ],
)
def test_config_mistake_names_variable_and_cure(folder, name, value):
    with pytest.raises(ConfigError) as caught:
        read(GOOD | folder | {name: value})
    assert str(caught.value).startswith(name)
    assert "give" in str(caught.value).lower() or len(str(caught.value)) > 80


def test_config_several_workers_need_valkey_and_get_their_own_ports(folder):
    with pytest.raises(ConfigError, match="VALKEY_URL"):
        read(GOOD | folder | {"MEDIA_WORKERS": "2"})
    config = read(GOOD | folder | {"MEDIA_WORKERS": "2", "VALKEY_URL": "redis://x", "MEDIA_NAME": "m"})
    second = config.worker(1)
    assert (second.port, second.control[1], second.metrics[1], second.reach, second.name) == (
        10001, 10101, 10201, "127.0.0.1:10101", "m-1",
    )  # fmt: skip


def test_turn_is_ours_or_nobodys():
    assert turn_from({}).servers(peer="p", now=0) == []
    turn = turn_from({"TURN_URLS": "turn:turn.example.com:3478, turns:turn.example.com:443", "TURN_SECRET": "s"})
    (server,) = turn.servers(peer="p", now=1000)
    assert server["username"] == "1600:p"
    assert server["credential"] == "y3CRFTnKrmCsSZ6HAFRmj06KwVg=" or len(server["credential"]) == 28
    for half in ({"TURN_URLS": "turn:x"}, {"TURN_SECRET": "s"}, {"TURN_URLS": "stun:x", "TURN_SECRET": "s"}):
        with pytest.raises(EngineError, match="TURN_"):
            turn_from(half)


@pytest.mark.media
async def test_metrics_and_health(worker, room):
    await room("tess", "audio")
    server = await metrics.listen(worker, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def get(path):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = (await reader.read()).decode()
        writer.close()
        return answer

    text = await get("/metrics")
    assert "media_peers 1\n" in text and "media_producers 1\n" in text and "# TYPE media_datagrams counter" in text
    assert set(metrics.HELP) == set(worker.stats())
    assert "200 OK" in await get("/health")
    assert "404" in await get("/secret")
    worker.draining = True
    assert "503" in await get("/health") and "draining" in await get("/health")
    server.close()
