"""As much of the local AWS as the stand-in of Rekognition asks: keys, what IAM says of a principal, a bucket."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from local.cloud.access import AwsAccess

ACCOUNT = "000000000000"
ROOT_SECRET = "the-root-users"
DECISION = """\
<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult>
<EvaluationResults><member><EvalActionName>{}</EvalActionName><EvalDecision>{}</EvalDecision></member></EvaluationResults>
</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"""


@dataclass(frozen=True)
class Key:
    """An access key that somebody has; ``expired`` is only of one with a token."""

    arn: str
    secret: str = "theirs"
    token: str = ""
    expired: bool = False


@dataclass
class SmallAws:
    """``allowed``: (whose policy, action, resource); ``asked`` has each question of that kind in turn."""

    access: AwsAccess
    keys: dict[str, Key] = field(default_factory=dict)
    allowed: set[tuple[str, str, str]] = field(default_factory=set)
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def credentials(self, access_key: str, token: str) -> tuple[int, dict[str, str]]:
        key = self.keys.get(access_key)
        if key is None or key.token != token:
            return 404, {"code": "UnrecognizedClientException", "message": "unknown"}
        if key.expired:
            return 404, {"code": "ExpiredTokenException", "message": "expired"}
        return 200, {"secret_access_key": key.secret, "principal_arn": key.arn}

    def simulate(self, form: dict[str, list[str]]) -> str:
        question = tuple(form[name][0] for name in ("PolicySourceArn", "ActionNames.member.1", "ResourceArns.member.1"))
        source, action, resource = question
        self.asked.append((source, action, resource))
        return DECISION.format(action, "allowed" if question in self.allowed else "implicitDeny")


@contextmanager
def serving() -> Iterator[SmallAws]:
    """It on a free loopback port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path.startswith("/_local/credentials/"):
                assert self.headers["authorization"] == f"Bearer {ROOT_SECRET}"
                token = self.headers.get("x-amz-security-token", "")
                status, body = aws.credentials(url.path.rpartition("/")[2], token)
                return self._answer(status, json.dumps(body).encode())
            data = aws.objects.get(url.path + (f"?{url.query}" if url.query else ""))
            missing = b"<Error><Code>NoSuchKey</Code></Error>"
            return self._answer(404 if data is None else 200, missing if data is None else data)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            self._answer(200, aws.simulate(form).encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        access = AwsAccess(
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            region="ap-northeast-2",
            access_key_id="root",
            secret_access_key=ROOT_SECRET,
            ca_bundle=None,
        )
        aws = SmallAws(access)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield aws
        server.shutdown()
        thread.join()
