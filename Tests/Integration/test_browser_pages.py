"""Every page there is, with something to show, in Chromium: no complaint of the browser's, no serious violation of accessibility, light and
dark; and no part of a page that leads where there is nothing, or with a method that nobody answers."""
import re
import pytest
from axe_playwright_python.sync_playwright import Axe
from harness.browsers import browsing, sign_in
from harness.full_project import PAGES, STRANGERS, FullProject

WIDTHS = {"360": 360, "4k": 3840}
# What a page says of its width: how far it reaches beyond its window, and what reaches farthest.
OVERFLOW = """() => {
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over <= 0) return null;
  const farthest = [...document.querySelectorAll("main *")].filter(element => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".table-wrap, pre, .wf-scroll"));
  return [over, farthest.slice(0, 3).map(element => element.outerHTML.slice(0, 120))];
}"""
# Addresses and forms of a page, as a reader would send them.
WAYS = """() => ({
  links: [...document.querySelectorAll("a[href], link[href], script[src], use[href]")].map(element => element.getAttribute("href") ?? element.getAttribute("src")),
  forms: [...document.querySelectorAll("form[data-api]")].map(form => form.dataset.api),
  plain: [...document.querySelectorAll("form:not([data-api]):not([method=dialog])")].map(form => `${form.method} ${form.getAttribute("action") ?? location.pathname}`),
})"""


@pytest.fixture(scope="module")
def project(module_server, stand_in):
    return FullProject(module_server, stand_in)


@pytest.fixture(scope="module")
def visits(project):
    """Page -> address; a page without one fails here."""
    visits = project.pages()
    assert set(visits) == set(PAGES) and not any("{" in address for address in visits.values()), visits
    return visits


def opened(browser, project, **options):
    page = browser.open(**options)
    page.set_default_timeout(60_000)
    known = project.server.credentials
    sign_in(page, known["email"], known["password"])
    return page


def violations(page):
    return [(violation["id"], [node["target"] for node in violation["nodes"]][:3])
            for violation in Axe().run(page).response["violations"] if violation["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_without_complaint_and_without_serious_violation(project, visits, scheme):
    found = []
    with browsing(project.server.url) as browser:
        inside, outside = opened(browser, project, color_scheme=scheme), browser.open(color_scheme=scheme)
        for name, address in visits.items():
            page = outside if name in STRANGERS else inside
            answer = page.goto(address, wait_until="load")
            if answer.status != 200:
                found.append((address, answer.status))
            found += [(address, *violation) for violation in violations(page)]
        assert found == []
        assert browser.complaints.all == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_into_its_window(project, visits, width):
    found = []
    with browsing(project.server.url) as browser:
        viewport = {"viewport": {"width": WIDTHS[width], "height": 900}}
        inside, outside = opened(browser, project, **viewport), browser.open(**viewport)
        for name, address in visits.items():
            page = outside if name in STRANGERS else inside
            page.goto(address, wait_until="load")
            over = page.evaluate(OVERFLOW)
            if over:
                found.append((address, *over))
    assert found == []


def test_whatever_a_page_leads_to_is_there_and_answers_its_method(project, visits):
    """Links are followed; forms are compared with the operations of the API, and plain ones with what their address answers."""
    operations = {}
    for path, methods in project.call("GET", "/openapi.json")["paths"].items():
        for method in methods:
            operations.setdefault(method.upper(), []).append(re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)) + "$"))
    wrong, seen = [], {}
    with browsing(project.server.url) as browser:
        inside = opened(browser, project)
        request = inside.context.request
        for name, address in visits.items():
            inside.goto(address, wait_until="load")
            ways = inside.evaluate(WAYS)
            for form in ways["forms"]:
                method, path = form.split(" ")
                path = re.sub(r"\{[^}]*\}", "x", path)
                if not any(one.match(path) for one in operations.get(method, [])):
                    wrong.append((address, "form", form))
            for link in {link.partition("#")[0] for link in ways["links"]} - {""}:
                # Export of a million spans is a link, too: the beginning of the answer is enough.
                if link not in seen and (link.startswith("/") or link.startswith("?")):
                    target = link if link.startswith("/") else address.partition("?")[0] + link
                    seen[link] = request.get(project.server.url + target, headers={"Accept": "text/html"}, timeout=60_000).status
                if seen.get(link, 200) not in (200, 206):
                    wrong.append((address, "link", link, seen[link]))
            for form in ways["plain"]:
                method, action = form.split(" ", 1)
                if method == "get" and request.get(project.server.url + action, headers={"Accept": "text/html"}).status != 200:
                    wrong.append((address, "form", form))
                if method == "post" and action not in ("/sign-out", "/sign-in"):
                    wrong.append((address, "form", form))
        assert len(seen) > 150, len(seen)
    assert wrong == []
