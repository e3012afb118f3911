"""Texts that become markup, script or template wherever somebody forgets to write them as text, and how a page is asked whether they did."""

# What the texts would plant has the attribute `data-planted`; what they would run opens a dialog. Only `mark` makes them different.
TEXT = (
    "{mark}<img src=x onerror=alert(1) data-planted>\"'><script data-planted>alert(2)</script></script></textarea>"
    "<b data-planted>{{{{title}}}}</b>\u202etxet\u202c \"\u0301 data-planted='\u0301")


def hostile(mark):
    """Under 200 bytes, as names may be."""
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
