"""The media server: forwards encrypted-in, encrypted-out packets between peers and never decodes them.

Pure asyncio on aiortc's transports; imports nothing of the project and knows no names of people. One process per
core, started by `python -m sessions_live.sfu`. The wire is specified in docs/live-protocol.md.
"""
