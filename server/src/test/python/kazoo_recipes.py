# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
"""Runs what kazoo users run against the server at 127.0.0.1:PORT; one line for each step, exit code 0 when all is well.

usage: kazoo_recipes.py PORT
"""
import logging
import sys
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import (
    BadVersionError,
    NoAuthError,
    NodeExistsError,
    NoNodeError,
    NotEmptyError,
    RolledBackError,
)
from kazoo.security import make_digest_acl

DEADLINE_SECONDS = 20
logging.basicConfig(level=logging.CRITICAL)


def connect(port):
    client = KazooClient(hosts="127.0.0.1:%d" % port, timeout=10)
    client.start(timeout=DEADLINE_SECONDS)
    return client


def raises(error, call, *args, **named):
    try:
        call(*args, **named)
    except error:
        return
    raise AssertionError("%s was due" % error.__name__)


def nodes(first, second):
    first.create("/k", b"data")
    assert first.get("/k")[0] == b"data"
    first.create("/k/empty", b"")
    assert first.get("/k/empty")[0] in (b"", None), "kazoo sends null for empty"
    path = first.create("/k/seq-", b"", sequence=True, ephemeral=True)
    assert path == "/k/seq-0000000001", path
    path, stat = first.create("/k/with-stat", b"123", include_data=True)
    assert stat.dataLength == 3 and stat.version == 0
    assert sorted(second.get_children("/k")) == ["empty", "seq-0000000001", "with-stat"]
    assert first.set("/k", b"new", version=0).version == 1
    raises(BadVersionError, first.set, "/k", b"", version=0)
    raises(NodeExistsError, second.create, "/k")
    raises(NoNodeError, second.get, "/k/no")
    raises(NotEmptyError, second.delete, "/k")
    assert second.exists("/k/no") is None
    assert second.sync("/k") == "/k"
    second.delete("/k", recursive=True)


def transactions(first, second):
    first.create("/t")
    good = first.transaction()
    good.create("/t/a", b"1")
    good.set_data("/t/a", b"2", version=0)
    good.check("/t/a", version=1)
    good.delete("/t/a", version=1)
    results = good.commit()
    assert results[0] == "/t/a" and results[1].version == 1 and results[2:] == [True, True], results
    bad = first.transaction()
    bad.create("/t/b")
    bad.check("/t", version=9)
    bad.delete("/t")
    results = bad.commit()
    assert isinstance(results[0], RolledBackError) and isinstance(results[1], BadVersionError), results
    assert second.exists("/t/b") is None
    first.delete("/t")


def watches(first, second):
    first.create("/w", b"0")
    seen = []
    done = threading.Event()

    @first.DataWatch("/w")
    def changed(data, stat):
        seen.append(data)
        if data == b"3":
            done.set()

    children = threading.Event()

    @first.ChildrenWatch("/w")
    def grown(names):
        if names == ["child"]:
            children.set()

    for value in (b"1", b"2", b"3"):
        second.set("/w", value)
    second.create("/w/child")
    assert done.wait(DEADLINE_SECONDS) and children.wait(DEADLINE_SECONDS)
    assert seen[0] == b"0" and seen[-1] == b"3", seen
    second.delete("/w", recursive=True)


def acls(first, second):
    first.add_auth("digest", "bob:pw")
    first.create("/acl", b"secret", acl=[make_digest_acl("bob", "pw", all=True)])
    assert first.get("/acl")[0] == b"secret"
    raises(NoAuthError, second.get, "/acl")
    second.add_auth("digest", "bob:pw")
    assert second.get("/acl")[0] == b"secret"
    assert first.get_acls("/acl")[0][0].id.scheme == "digest"
    first.delete("/acl")


def recipes(first, second):
    lock = first.Lock("/lock", "first")
    assert lock.acquire(timeout=DEADLINE_SECONDS)
    other = second.Lock("/lock", "second")
    assert not other.acquire(blocking=False)
    lock.release()
    assert other.acquire(timeout=DEADLINE_SECONDS)
    other.release()

    queue = first.Queue("/queue")
    for i in range(10):
        queue.put(b"%d" % i)
    taken = second.Queue("/queue")
    assert [taken.get() for _ in range(10)] == [b"%d" % i for i in range(10)]

    counter = first.Counter("/counter")
    for _ in range(5):
        counter += 2
    assert second.Counter("/counter").value == 10

    led = threading.Event()
    election = first.Election("/election", "first")
    thread = threading.Thread(target=election.run, args=(led.set,))
    thread.start()
    assert led.wait(DEADLINE_SECONDS)
    thread.join(DEADLINE_SECONDS)


def sessions(first, second):
    first.create("/gone", ephemeral=True)
    gone = threading.Event()
    second.exists("/gone", watch=lambda event: gone.set())
    first.stop()
    assert gone.wait(DEADLINE_SECONDS)
    assert second.exists("/gone") is None
    first.start(timeout=DEADLINE_SECONDS)


def main(port):
    first, second = connect(port), connect(port)
    for step in (nodes, transactions, watches, acls, recipes, sessions):
        step(first, second)
        print("ok %s" % step.__name__)
    first.stop()
    second.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
