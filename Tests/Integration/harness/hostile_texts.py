"""Texts that become markup, script or template wherever somebody forgets to write them as text, and how a page is asked whether they did."""

# What the texts would plant is an image or has the attribute `data-planted`; what they would run opens a dialog. The quote with a
# combining mark is one character to whoever escapes characters, and a quote to a browser.
TEXT = "{mark}<img src=x onerror=alert(1)>\"'><script data-planted></script>{{{{x}}}}\u202e\"\u0301 data-planted=\""


def hostile(mark):
    """At most 100 characters, as names may be."""
    return TEXT.format(mark=mark)


# Everything a reader can open is open, and everything there is to see was near: some of it is made only then.
OPEN_ALL = """async () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const dialog of document.querySelectorAll('dialog:not([open])')) dialog.setAttribute('open', '');
    for (const panel of document.querySelectorAll('[role=tabpanel]')) { panel.hidden = false; panel.removeAttribute('data-later'); }
    for (const text of document.querySelectorAll('rich-text')) { text.scrollIntoView(); await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame); }
}"""

PLANTED = """() => [...document.querySelectorAll('[data-planted], [onerror], img, main iframe, main script:not([src]), main base, main meta')]
    .map(element => element.outerHTML.slice(0, 200))"""

SHOWN = """() => [document.body.textContent, document.title,
    ...[...document.querySelectorAll('input, textarea, option')].map(field => field.value),
    ...[...document.querySelectorAll('[aria-label]')].map(element => element.ariaLabel)].join('\\n')"""
