"""Identity providers on this machine: one that keeps to the standard, and one that does what a test tells it to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import oidc_provider_mock  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

CLIENT_ID = "vitrine"
JSON = "application/json"


def parameters(address: str) -> dict[str, str]:
    """Of an address, each once."""
    return dict(parse_qsl(urlsplit(address).query))


@contextmanager
def honest_provider(people: dict[str, dict[str, object]]) -> Iterator[str]:
    """The issuer of a provider that knows ``people``: claims by subject."""
    known = [oidc_provider_mock.User(sub=subject, claims=claims) for subject, claims in people.items()]
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=known) as server:
        yield f"http://localhost:{server.server_port}"


def consent(address: str, subject: str | None) -> str:
    """What somebody does on the honest provider's page; None: they cancel. Returns where they are sent back to."""
    form = {"action": "deny"} if subject is None else {"sub": subject}
    answer = httpx.post(address, data=form, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def new_key(kind: str = "RSA") -> Key:
    """A key pair with an id of its own."""
    if kind == "EC":
        return ECKey.generate_key("P-256", auto_kid=True)
    return OKPKey.generate_key("Ed25519", auto_kid=True) if kind == "OKP" else RSAKey.generate_key(2048, auto_kid=True)


def part(value: bytes | dict[str, Any]) -> str:
    """One of the three parts of a token."""
    raw = json.dumps(value).encode() if isinstance(value, dict) else value
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Provider:
    """Checks what an honest provider checks, unless a test changes its attributes.

    ``claims`` change those of the ID token (None: left away), ``metadata`` those of the discovery document; ``answers``
    replace what a path answers: status, type and content.
    """

    def __init__(self, key: Key) -> None:
        self.key, self.algorithm = key, "RS256"
        self.published: list[dict[str, Any]] = [dict(key.as_dict(private=False))]
        self.claims: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.user_info: dict[str, Any] = {}
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.forge: Any = None
        self.pause = 0.0
        self.asked: Counter[str] = Counter()
        self.forms: list[dict[str, str]] = []
        self.authorizations: list[str] = []
        self.flows: dict[str, dict[str, str]] = {}
        self.tokens: list[str] = []
        self.issuer = ""

    def consent(self, address: str) -> str:
        """The person agrees. Returns where the browser is sent back to."""
        asked = parameters(address)
        assert address.startswith(f"{self.issuer}/authorize?")
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"] == "openid email profile"
        code = secrets.token_urlsafe(16)
        self.flows[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def rotate(self) -> None:
        """From now on another key signs; the old one is not published any more."""
        self.key = new_key()
        self.published = [dict(self.key.as_dict(private=False))]

    def answer(self, path: str, form: str, authorization: str) -> tuple[int, str, bytes]:
        """Any request."""
        self.asked[path] += 1
        if path == "/token":
            self.forms.append(dict(parse_qsl(form)))
            self.authorizations.append(authorization)
        if path in self.answers:
            return self.answers[path]
        found = {
            "/.well-known/openid-configuration": self._describe,
            "/keys": lambda: {"keys": self.published},
            "/token": self._token,
            "/userinfo": lambda: self.user_info,
        }[path]()
        return (400 if "error" in found else 200), JSON, json.dumps(found).encode()

    def _describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.metadata,
        }

    def _token(self) -> dict[str, Any]:
        form = self.forms[-1]
        flow = self.flows.pop(form["code"], None)
        if flow is None:
            return {"error": "invalid_grant", "error_description": f"The code {form['code']} was used."}
        hashed = hashlib.sha256(form["code_verifier"].encode()).digest()
        if part(hashed) != flow["code_challenge"] or form["redirect_uri"] != flow["redirect_uri"]:
            return {"error": "invalid_grant", "error_description": "That is another one's code."}
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT_ID,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": flow["nonce"],
            **self.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        self.tokens.append((self.forge or self.sign)(told))
        return {"access_token": "access-1", "token_type": "Bearer", "expires_in": 300, "id_token": self.tokens[-1]}

    def sign(self, claims: dict[str, Any]) -> str:
        """As it should be."""
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key, [self.algorithm])

    def unsigned(self, claims: dict[str, Any]) -> str:
        """Algorithm "none"."""
        return f"{part({'alg': 'none', 'kid': self.key.kid})}.{part(claims)}."

    def with_secret(self, claims: dict[str, Any], secret: bytes) -> str:
        """HS256 with something that others know as well."""
        text = f"{part({'alg': 'HS256', 'kid': self.key.kid})}.{part(claims)}"
        return f"{text}.{part(hmac.digest(secret, text.encode(), 'sha256'))}"


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Its server, on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply("")

        def do_POST(self) -> None:
            self._reply(self.rfile.read(int(self.headers["content-length"])).decode())

        def _reply(self, form: str) -> None:
            path = urlsplit(self.path).path
            status, kind, content = provider.answer(path, form, self.headers.get("authorization", ""))
            self.send_response(status)
            self.send_header("location" if status == 302 else "content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            try:
                if not provider.pause:
                    self.wfile.write(content)
                for index in range(len(content) if provider.pause else 0):
                    self.wfile.write(content[index : index + 1])
                    time.sleep(provider.pause)
            except OSError:
                pass  # whoever asked has had enough

        def log_message(self, *args: object) -> None:
            """Not in the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
