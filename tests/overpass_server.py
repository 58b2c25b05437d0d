"""A server on this machine that answers as Overpass and Nominatim do, from a made-up world."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BASE = "2026-05-17T10:00:00Z"
FREE = "Connected as: 1\nCurrent time: {now}\nAnnounced endpoint: none\nRate limit: 2\n"
SLOTS_FREE = FREE + "2 slots available now.\nCurrently running queries (pid, space limit):\n"
SLOTS_TAKEN = FREE + "Slot available after: 2026-05-17T10:00:42Z, in 42 seconds.\n"


@dataclass
class Reply:
    """What the server says instead of the true answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None


@dataclass
class World:
    """What the server has, what it says instead, and what it was asked."""

    elements: list[dict[str, Any]]
    places: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    always: Reply | None = None
    status: str = SLOTS_FREE
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def queries(self) -> list[str]:
        return [text for path, text, _ in self.asked if path.endswith("/interpreter")]

    def answer(self, query: str) -> dict[str, Any]:
        """Everything with an object in the box that has a key asked for, and what it is made of."""
        numbers = [float(number) for number in re.search(r"poly:'([^']+)'", query)[1].split()]
        lats, lons = numbers[::2], numbers[1::2]
        keys = set(re.findall(r"\['(\w+)'\]", query))
        nodes = {e["id"]: e for e in self.elements if e["type"] == "node"}
        ways = {e["id"]: e for e in self.elements if e["type"] == "way"}
        relations = {e["id"]: e for e in self.elements if e["type"] == "relation"}
        inside = {
            n
            for n, e in nodes.items()
            if min(lats) <= e["lat"] <= max(lats) and min(lons) <= e["lon"] <= max(lons)
        }
        hit_ways = {w for w, e in ways.items() if inside & set(e["nodes"])}
        out_nodes = {n for n in inside if keys & set(nodes[n].get("tags", {}))}
        out_ways = {w for w in hit_ways if keys & set(ways[w].get("tags", {}))}
        out_relations = {
            r
            for r, e in relations.items()
            if keys & set(e["tags"])
            and any(m["type"] == "way" and m["ref"] in hit_ways for m in e["members"])
        }
        for relation in out_relations:
            for member in relations[relation]["members"]:
                {"node": out_nodes, "way": out_ways}[member["type"]].add(member["ref"])
        for way in out_ways:
            out_nodes |= set(ways[way]["nodes"])
        return {
            "version": 0.6,
            "generator": "Overpass API",
            "osm3s": {"timestamp_osm_base": BASE, "copyright": "ODbL"},
            "elements": [nodes[n] for n in sorted(out_nodes, reverse=True)]
            + [ways[w] for w in sorted(out_ways, reverse=True)]
            + [relations[r] for r in sorted(out_relations)],
        }


@contextmanager
def serving(world: World) -> Iterator[str]:
    """Serve `world` and yield the base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
            query = parse_qs(sent)["data"][0]
            world.asked.append((self.path, query, dict(self.headers)))
            if world.replies:
                self._say(world.replies.pop(0))
            elif world.always:
                self._say(world.always)
            else:
                self._say(Reply(body=json.dumps(world.answer(query)).encode()))

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            world.asked.append((url.path, url.query, dict(self.headers)))
            if url.path.endswith("/status"):
                self._say(Reply(body=world.status.encode()))
                return
            name = parse_qs(url.query)["q"][0]
            self._say(Reply(body=json.dumps(world.places.get(name, [])).encode()))

        def _say(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut_after])

        def log_message(self, *args: object) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
