"""The processes of the media server: one worker each, and a parent that replaces those that die."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import time
from multiprocessing.process import BaseProcess

import uvloop

from . import metrics, signalling
from .config import Config
from .leases import ValkeyLeases
from .worker import Worker

logger = logging.getLogger("sessions_live.sfu")

DRAIN_SECONDS = 20.0  # on SIGTERM, unless the product drained before
RESTART_SECONDS = 1.0


async def run(config: Config) -> None:
    """Run one worker until it is told to stop."""
    leases = ValkeyLeases(config.valkey, name=config.name, reach=config.reach) if config.valkey else None
    worker = Worker(config, leases)
    await worker.start()
    control = await signalling.listen(worker, *config.control)
    numbers = await metrics.listen(worker, *config.metrics)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, lambda: worker.spawn(worker.drain(DRAIN_SECONDS)))
    loop.add_signal_handler(signal.SIGINT, lambda: worker.spawn(worker.drain(0)))
    logger.info("Media worker %s: UDP port %d, control %s:%d.", config.name, worker.port.number, *config.control)
    await worker.stopped.wait()
    await control.close()
    numbers.close()


def start(config: Config) -> None:
    """Run one worker in this process, on uvloop."""
    # Because a full collection over everything that was imported holds up packets for some 20 ms, and finds nothing there.
    gc.collect()
    gc.freeze()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    uvloop.run(run(config))


def supervise(config: Config) -> int:
    """Run all workers as children; replace one that dies; end when told to."""
    context = multiprocessing.get_context("spawn")
    children: dict[int, BaseProcess] = {}
    ending = False

    def end(number: int, frame: object) -> None:
        nonlocal ending
        ending = True
        for child in children.values():
            if child.pid is not None and child.is_alive():
                os.kill(child.pid, number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ending or any(child.is_alive() for child in children.values()):
        for index in range(config.workers):
            child = children.get(index)
            if not ending and (child is None or not child.is_alive()):
                children[index] = context.Process(target=start, args=(config.worker(index),))
                children[index].start()
        time.sleep(RESTART_SECONDS)
    return 0
