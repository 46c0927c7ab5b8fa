"""A server on this machine that behaves as well or as badly as a test says."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Server:
    """A server on this machine: how it behaves, and what it was asked for."""

    content: bytes
    url: str = ""
    knows_ranges: bool = True
    breaks_after: int | None = None
    stalls: bool = False
    declares_gzip: bool = False
    status: int = 200
    starts: list[int] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Send what a request asks for, as this server would."""
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(asked[1]) if asked and self.knows_ranges else 0
        self.starts.append(start)
        if start >= len(self.content):
            request.send_error(416)
            return
        if self.status != 200:
            request.send_error(self.status)
            return
        part = self.content[start:]
        request.send_response(206 if asked and self.knows_ranges else 200)
        request.send_header("Content-Length", str(len(part)))
        if self.declares_gzip:
            request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        request.wfile.write(part[: self.breaks_after])
        if self.stalls:
            self.done.wait(30)


@contextmanager
def running(content: bytes) -> Iterator[Server]:
    """Run a server; what it sends and how can be changed meanwhile."""
    behaviour = Server(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behaviour.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        behaviour.url = f"http://127.0.0.1:{listening.server_address[1]}/data.tar.gz"
        thread = threading.Thread(target=listening.serve_forever, args=[0.02])
        thread.start()
        yield behaviour
        behaviour.done.set()
        listening.shutdown()
        thread.join()
