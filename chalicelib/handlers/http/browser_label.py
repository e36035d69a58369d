"""A short name for a browser, as « Firefox sur Android », taken from its User-Agent, which is not kept."""

BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""What a browser writes → its name. Most also write the names of those below them, to be served the same pages."""

SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_label(user_agent: str) -> str:
    """Returns the browser and its system, one of them alone, or "" when neither is known; none of the visitor's words.

    An iPad asks for pages as a Mac does, and is called one.
    """
    names = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return " sur ".join(name for name in names if name)


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for written, name in known if written in user_agent), "")
