"""A stand-in of the part of SOLAPI's API that the example uses.

Source: https://github.com/solapi/documents (api-reference/messages/groups, and authentication), and what the official
client for Node (solapi 6) sends.
"""

import hmac
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

type Json = dict[str, Any]

KEY, SECRET = "NCSKEY", "solapi-secret"
SIGNED = re.compile(r"HMAC-SHA256 apiKey=(\w+), date=(\S+), salt=(\w+), signature=(\w+)")


class Solapi:
    """Groups as SOLAPI keeps them. Faults are taken once each, by method and the path's end: `lose` does the work and
    closes the connection without an answer, `fail` answers a status and does nothing.
    """

    def __init__(self) -> None:
        self.url = ""
        self.groups: list[Json] = []
        self.calls: list[str] = []
        self.lose: list[str] = []
        self.fail: dict[str, int] = {}
        self.bad_numbers: set[str] = set()

    @property
    def sent(self) -> list[Json]:
        """Every message that went out."""
        return [message for group in self.groups if group["status"] != "PENDING" for message in group["messages"]]

    def answer(self, method: str, path: str, body: Json) -> tuple[int, Json]:
        match [method, *path.removeprefix("/messages/v4/groups").strip("/").split("/")]:
            case ["POST", ""]:
                assert body == {"allowDuplicates": False}
                number = len(self.groups)
                self.groups.append({"groupId": f"G4V{number}", "status": "PENDING", "messages": [], "refused": 0})
                return 200, self._shown(self.groups[-1])
            case ["GET", name]:
                return 200, self._shown(self._group(name))
            case ["PUT", name, "messages"]:
                return 200, self._put(self._group(name), body["messages"])
            case ["POST", name, "send"]:
                group = self._group(name)
                if group["status"] != "PENDING" or not group["messages"]:
                    return 400, {"errorCode": "NotSendable", "errorMessage": ""}
                group["status"] = "SENDING"
                return 200, self._shown(group)
        return 404, {"errorCode": "ResourceNotFound", "errorMessage": ""}

    def _group(self, name: str) -> Json:
        return next(group for group in self.groups if group["groupId"] == name)

    def _put(self, group: Json, messages: list[Json]) -> Json:
        results = []
        for message in messages:
            known = [each["to"] for each in group["messages"]]
            taken = message["to"] not in self.bad_numbers and message["to"] not in known
            group["messages"] += [message] if taken else []
            group["refused"] += not taken
            results.append({"to": message["to"], "statusCode": "2000" if taken else "1011"})
        return {"errorCount": sum(each["statusCode"] != "2000" for each in results), "resultList": results}

    def _shown(self, group: Json) -> Json:
        count = {"total": 0, "registeredSuccess": len(group["messages"]), "registeredFailed": group["refused"]}
        return {"groupId": group["groupId"], "status": group["status"], "count": count}


def is_signed(header: str) -> bool:
    found = SIGNED.fullmatch(header)
    if found is None:
        return False
    key, date, salt, signature = found.groups()
    return key == KEY and hmac.compare_digest(
        hmac.digest(SECRET.encode(), (date + salt).encode(), sha256).hex(), signature
    )


def _handler(solapi: Solapi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
            call = f"{self.command} {self.path.rpartition('/')[2]}"
            if self.command == "GET" or self.path.endswith("/groups"):
                call = f"{self.command} group"
            solapi.calls.append(call)
            if not is_signed(self.headers.get("authorization", "")):
                status, shown = 401, {"errorCode": "SignatureDoesNotMatch", "errorMessage": ""}
            elif failing := solapi.fail.pop(call, None):
                status, shown = failing, {"errorCode": "InternalError", "errorMessage": ""}
            else:
                status, shown = solapi.answer(self.command, self.path, body)
            if call in solapi.lose:
                solapi.lose.remove(call)
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(shown).encode())

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving() -> Iterator[Solapi]:
    solapi = Solapi()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(solapi)) as server:
        solapi.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield solapi
        finally:
            server.shutdown()
            thread.join()
