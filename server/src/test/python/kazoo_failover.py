# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
"""Runs locks, a counter and an election on an ensemble whose leaders are killed meanwhile, until standard input ends.

usage: kazoo_failover.py HOST:PORT,HOST:PORT,...

Prints `running` when some of each are done, and again for each line of input; one line for each recipe at the end. Exits with
0 when all is well.
"""
import logging
import sys
import threading
import time

from kazoo.client import KazooClient
from kazoo.exceptions import ConnectionLoss, KazooException
from kazoo.retry import KazooRetry, RetryFailedError

DEADLINE_SECONDS = 60
SESSION_SECONDS = 30
logging.basicConfig(level=logging.CRITICAL)


def connect(hosts, **named):
    client = KazooClient(hosts=hosts, timeout=SESSION_SECONDS, randomize_hosts=True, **named)
    client.start(timeout=DEADLINE_SECONDS)
    return client


class Inside:
    """How many are where only one may be."""

    def __init__(self):
        self.guard = threading.Lock()
        self.now = self.most = self.visits = 0

    def visit(self, seconds=0.02):
        with self.guard:
            self.now += 1
            self.visits += 1
            self.most = max(self.most, self.now)
        time.sleep(seconds)  # Somebody who comes in meanwhile is what is looked for.
        with self.guard:
            self.now -= 1


class Recipe:
    """One recipe in the hands of several clients, each on a thread of its own."""

    def __init__(self, stop, clients):
        self.stop = stop
        self.clients = clients
        self.inside = Inside()
        self.faults = []
        self.threads = [threading.Thread(target=self.run, args=(client,)) for client in clients]

    def run(self, client):
        first = client.client_id[0]
        while not self.stop.is_set():
            try:
                self.once(client)
            except (ConnectionLoss, RetryFailedError):
                pass
            except Exception as fault:  # Told by the main thread.
                self.faults.append(repr(fault))
                return
        if client.client_id[0] != first:
            self.faults.append("the session has ended")

    def verify(self):
        for thread in self.threads:
            thread.join(DEADLINE_SECONDS)
            assert not thread.is_alive(), "does not end"
        assert not self.faults, self.faults
        assert self.inside.most == 1, "%d were inside at once" % self.inside.most


class Locks(Recipe):
    def once(self, client):
        with client.Lock("/kazoo/lock", "somebody"):
            self.inside.visit()


class Election(Recipe):
    def once(self, client):
        client.Election("/kazoo/election", "somebody").run(self.inside.visit)


class Counter(Recipe):
    """An increment whose connection broke is in doubt; the recipe itself would repeat it, so its retries are off."""

    def __init__(self, stop, clients):
        super().__init__(stop, clients)
        self.done = self.doubt = 0

    def once(self, client):
        counter = client.Counter("/kazoo/counter")
        try:
            counter += 1
        except (KazooException, RetryFailedError):
            self.doubt += 1
            KazooRetry(max_tries=-1, max_delay=0.5)(client.exists, "/kazoo")
            return
        self.done += 1
        self.inside.visit(0.005)

    def verify(self):
        super().verify()
        client = self.clients[0]
        client.sync("/kazoo")
        value = client.Counter("/kazoo/counter").value
        assert self.done <= value <= self.done + self.doubt, (self.done, value, self.doubt)


def await_progress(recipes):
    goals = [(recipe, recipe.inside.visits + 3) for recipe in recipes]
    end = time.monotonic() + DEADLINE_SECONDS
    while any(recipe.inside.visits < goal for recipe, goal in goals):
        stuck = [type(recipe).__name__ for recipe, goal in goals if recipe.inside.visits < goal]
        assert time.monotonic() < end, "no progress: %s" % stuck
        time.sleep(0.05)
    print("running", flush=True)


def main(hosts):
    stop = threading.Event()
    connect(hosts).ensure_path("/kazoo")
    recipes = (
        Locks(stop, [connect(hosts), connect(hosts), connect(hosts)]),
        Election(stop, [connect(hosts), connect(hosts)]),
        Counter(stop, [connect(hosts, command_retry=KazooRetry(max_tries=0))]),
    )
    for recipe in recipes:
        for thread in recipe.threads:
            thread.daemon = True
            thread.start()
    await_progress(recipes)
    for _ in sys.stdin:
        await_progress(recipes)
    stop.set()
    for recipe in recipes:
        recipe.verify()
        print("ok %s" % type(recipe).__name__, flush=True)
    print("visits %s" % [recipe.inside.visits for recipe in recipes], flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
