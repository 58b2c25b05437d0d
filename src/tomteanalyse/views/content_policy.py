"""The wall round a finished page: it runs what stands in it, and fetches nothing."""

import hashlib
import re
from base64 import b64encode

POLICY_MARK = "<!--policy-->"
"""Stands in a page where its policy goes."""
_CODE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


def with_policy(page: str, *, tiles_from: str | None = None) -> str:
    """Return a page with a Content-Security-Policy in place of its mark.

    Parameters
    ----------
    page
        The page, finished but for the mark: the policy names the hash of every script and style.
    tiles_from
        The only host that pictures may be fetched from; none where it is None.
    """
    allowed: dict[str, list[str]] = {"script": [], "style": []}
    for kind, code in _CODE.findall(page):
        digest = b64encode(hashlib.sha256(code.encode("utf-8")).digest()).decode("ascii")
        allowed[kind].append(f"'sha256-{digest}'")
    rules = [
        "default-src 'none'",
        f"script-src {' '.join(allowed['script'])}",
        f"style-src {' '.join(allowed['style'])}",
        *([f"img-src {tiles_from}"] if tiles_from else []),
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    ]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'
    return page.replace(POLICY_MARK, policy)
