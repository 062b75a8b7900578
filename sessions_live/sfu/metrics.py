"""Health and numbers of a worker over HTTP, for a load balancer and for Prometheus. Nothing here is secret."""

import asyncio
from contextlib import suppress

from .worker import LAG, Worker

HELP = {
    "rooms": ("gauge", "Open rooms."),
    "peers": ("gauge", "Peers in all rooms."),
    "producers": ("gauge", "Voices, cameras and screens that are published."),
    "streams": ("gauge", "RTP streams that are forwarded at the moment."),
    "cpu": ("gauge", "Share of one core that this worker uses, averaged."),
    "lag_ms": ("gauge", "Mean lag of the loop in milliseconds."),
    "worst_lag_ms": ("gauge", "Worst recent lag of the loop in milliseconds."),
    "datagrams": ("counter", "Datagrams received."),
    "dropped": ("counter", "Datagrams dropped because nobody had a right to send them."),
    "kbps_in": ("gauge", "Kilobits a second received from publishers."),
    "kbps_out": ("gauge", "Kilobits a second sent to subscribers."),
    "loss": ("gauge", "Worst loss from a publisher over the last second, 0 to 1."),
    "joins": ("counter", "Peers let in."),
    "refused": ("counter", "Rooms refused because the worker was full."),
    "draining": ("gauge", "1 while the worker takes no new rooms."),
    "compiled": ("gauge", "1 if packets are forwarded by the compiled loop, 0 if in Python."),
    "recordings": ("gauge", "Rooms that are being recorded."),
}


def prometheus(worker: Worker) -> str:
    """Return the numbers in Prometheus' text format."""
    lines = []
    for name, value in worker.stats().items():
        kind, words = HELP[name]
        lines += [f"# HELP media_{name} {words}", f"# TYPE media_{name} {kind}", f"media_{name} {float(value):g}"]
    stats = worker.stats()
    if stats["streams"]:
        lines += [
            "# HELP media_cpu_ms_per_stream Milliseconds of processor time per second and forwarded stream.",
            "# TYPE media_cpu_ms_per_stream gauge",
            f"media_cpu_ms_per_stream {1000 * stats['cpu'] / stats['streams']:g}",
        ]
    return "\n".join(lines) + "\n"


def _answer(worker: Worker, path: str) -> tuple[str, str]:
    if path == "/metrics":
        return "200 OK", prometheus(worker)
    if path == "/health":
        if worker.draining:
            return "503 Service Unavailable", "draining\n"
        return ("200 OK", "well\n") if worker.lag < LAG else ("503 Service Unavailable", "late\n")
    return "404 Not Found", "try /health or /metrics\n"


async def listen(worker: Worker, host: str, port: int) -> asyncio.Server:
    """Serve `/health` and `/metrics`; the returned server is already listening."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(TimeoutError, ConnectionError, ValueError):
            async with asyncio.timeout(5):
                request = (await reader.readline()).decode("ascii", "replace").split(" ")
                while (await reader.readline()).strip():
                    pass
                status, body = _answer(worker, request[1] if len(request) > 1 else "")
                head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
                await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, host, port, limit=4096)
