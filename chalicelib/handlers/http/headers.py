"""Security headers, on every answer: pages, files, redirects and errors."""

from typing import Any

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'{elsewhere}; base-uri 'none'; frame-ancestors 'none'"
)
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
FIXED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    # With no-referrer Chromium would send « Origin: null » on our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def policy(form_action: str = "") -> str:
    """The content security policy; `form_action` names the one other origin that a page's form may post to."""
    return CONTENT_SECURITY_POLICY.format(elsewhere=f" {form_action}" if form_action else "")


def harden_headers(headers: dict[str, Any]) -> None:
    """Add what is missing, in place; only versioned static files may be cached."""
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", policy())
    headers.setdefault("Cache-Control", "no-store")
