"""Client of the payout orchestrator. Python 3.11 or newer, standard library only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import math
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, cast

from payout_types import ListedPayout, Payout, PayoutRequest, Problem

# Seconds that a long poll may take: proxies commonly end what is silent for a minute.
LONGEST_WAIT_SECONDS = 30
UNCHANGED_PAUSE = 1.0
TOLERANCE_SECONDS = 300
SHORTEST_KEY = 24
RETRIED = {408, 429, 500, 502, 503, 504}


class PayoutError(Exception):
    """The API refused a request. `problem["code"]` is stable, `problem["type"]` leads to a page."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem['status']} {problem['code']}: {problem['detail']}")
        self.problem = problem


class NotSettledError(Exception):
    """The payout is still open at the deadline: the money may move yet. Never pay again under another clientOrderId because of it."""

    def __init__(self, payout: Payout) -> None:
        super().__init__(f"{payout['clientOrderId']} is still {payout['state']}; do not pay it again")
        self.payout = payout


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected request would carry the key elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


class PayoutClient:
    def __init__(self, base_url: str, api_key: str | None = None, attempts: int = 6, timeout: float = 15.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {} if api_key is None else {"authorization": f"Bearer {api_key}"}
        self._attempts = attempts
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirects)

    def create(self, request: PayoutRequest) -> Payout:
        """Starts a payout. It is retried with the same clientOrderId, under which the API never pays twice."""
        return cast(Payout, self._ask("POST", "/payouts", body=json.dumps(request).encode()))

    def get(self, client_order_id: str, wait_seconds: int = 0) -> Payout:
        """The payout as it is now, or when it changes, at the latest after `wait_seconds` (60 at most)."""
        query = f"?wait={wait_seconds}" if wait_seconds > 0 else ""
        path = f"/payouts/{urllib.parse.quote(client_order_id, safe='')}{query}"
        return cast(Payout, self._ask("GET", path, wait_seconds=wait_seconds))

    def wait_until_settled(self, client_order_id: str, timeout: float) -> Payout:
        """Waits until the payout has an outcome. `needs_review` and `unconfirmed` are no end: it waits on.

        Raises NotSettledError at the deadline.
        """
        end = time.monotonic() + timeout
        payout = self.get(client_order_id)
        while payout["outcome"] is None:
            left = math.ceil(end - time.monotonic())
            if left <= 0:
                raise NotSettledError(payout)
            later = self.get(client_order_id, wait_seconds=min(left, LONGEST_WAIT_SECONDS))
            # Of a payout that no workflow follows every answer comes at once: a person must act first.
            if later["outcome"] is None and later["updatedAt"] == payout["updatedAt"]:
                time.sleep(UNCHANGED_PAUSE)
            payout = later
        return payout

    def list(self, **filters: str) -> Iterator[ListedPayout]:
        """Payouts page by page, open ones first. Lists are slightly behind: never pay because of one."""
        query = dict(filters)
        while True:
            page = self._ask("GET", f"/payouts?{urllib.parse.urlencode(query)}")
            yield from page["payouts"]
            if page["nextCursor"] is None:
                return
            query["cursor"] = page["nextCursor"]

    def _ask(self, method: str, path: str, body: bytes | None = None, wait_seconds: int = 0) -> Any:
        headers = self._headers if body is None else {**self._headers, "content-type": "application/json"}
        request = urllib.request.Request(self._base_url + path, data=body, headers=headers, method=method)
        for attempt in range(1, self._attempts + 1):
            is_last = attempt == self._attempts
            retry_after = None
            try:
                with self._opener.open(request, timeout=self._timeout + wait_seconds) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                with error:
                    if is_last or error.code not in RETRIED:
                        raise PayoutError(_read_problem(error)) from None
                    retry_after = error.headers.get("retry-after")
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                if is_last:
                    raise
            time.sleep(_pause(attempt, retry_after))
        raise AssertionError("attempts must be at least 1")


def _pause(attempt: int, retry_after: str | None) -> float:
    """What the API asks for, else half a second, doubling, with a share of chance so that clients do not come at once."""
    if retry_after is not None and retry_after.isdigit() and int(retry_after) > 0:
        return min(float(retry_after), 60.0)
    return 0.5 * 2 ** min(attempt - 1, 6) * random.uniform(0.75, 1.25)


def _read_problem(error: urllib.error.HTTPError) -> Problem:
    unknown = {"type": "about:blank", "title": error.reason, "status": error.code, "code": "unknown", "detail": "not from the API"}
    try:
        body = json.load(error)
    except (OSError, ValueError):
        body = None
    return cast(Problem, {**unknown, **body} if isinstance(body, dict) else unknown)


def verify_notification(raw_body: bytes, headers: Mapping[str, str], secret: str, now: float | None = None) -> dict[str, Any]:
    """Checks a notification (Standard Webhooks) and returns it. Give it the body as it arrived, not parsed.

    `secret` is as configured, with `whsec_`. Raises ValueError when the signature is wrong, or the time more than five minutes off.
    """
    given = {name.lower(): value for name, value in headers.items()}
    event_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("the time is more than 5 minutes off")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    if len(key) < SHORTEST_KEY:
        raise ValueError("secret: expected whsec_ and base64 of at least 24 bytes")
    digest = hmac.new(key, f"{event_id}.{timestamp}.".encode() + raw_body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    signatures = given.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(expected, signature) for signature in signatures):
        raise ValueError("no signature is right")
    return cast(dict[str, Any], json.loads(raw_body))
