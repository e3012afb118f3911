"""Secrets that were made on the pages stand on no page and in no address afterwards."""
import pytest
from harness.browsers import browsing, loaded_again, sign_in
from test_pages import PAGES

PROVIDER_SECRET = "sk-provider-0123456789abcdef"


@pytest.fixture(scope="module")
def browser(server):
    with browsing(server.url) as browser:
        yield browser


@pytest.fixture(scope="module")
def asked(browser, server):
    """The page of the owner, what was made on it by name, and every address it asked for since."""
    page = browser.open()
    addresses = []
    page.on("request", lambda request: addresses.append(request.url + " " + request.headers.get("referer", "")))
    known = server.credentials
    at = f"/projects/{known['project_id']}/settings"
    sign_in(page, known["email"], known["password"], f"{at}/keys")
    page.wait_for_load_state("load")
    secrets = {"password": known["password"], "first key": server.key}
    dialog = page.get_by_role("dialog")

    page.get_by_role("button", name="New key").click()
    dialog.get_by_label("Name", exact=True).fill("shown once")
    dialog.get_by_role("button", name="Make the key").click()
    page.get_by_role("heading", name="The new key").wait_for()
    secrets["new key"] = page.locator("#secret-panel pre[data-shows=key]").first.inner_text()

    page.goto(f"{at}/providers")
    page.get_by_role("button", name="Add a key").click()
    dialog.get_by_label("Name", exact=True).fill("provider")
    dialog.get_by_label("Key", exact=True).fill(PROVIDER_SECRET)
    with loaded_again(page):
        dialog.get_by_role("button", name="Store it").click()
    secrets["provider key"] = PROVIDER_SECRET

    page.goto(f"{at}/members")
    page.get_by_role("button", name="Invite", exact=True).click()
    dialog.get_by_label("E-mail", exact=True).fill("invited@example.com")
    dialog.get_by_role("button", name="Invite", exact=True).click()
    link = dialog.locator("[data-shows=url]")
    link.filter(has_text="spdrl_invite_").wait_for()
    secrets["invitation"] = link.inner_text().partition("#")[2].removeprefix("token=")

    secrets["session"] = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "spandrel_session")
    assert all(len(secret) > 8 for secret in secrets.values()), "nothing was made"
    return page, secrets, addresses


def test_no_page_shows_a_secret_again(asked, server, browser):
    page, secrets, _ = asked
    found = []
    for path in [f"/projects/{server.credentials['project_id']}/{name}" for name in PAGES] + ["/account", "/new-project", "/health", "/docs/components"]:
        sent = page.goto(path).text()
        shown = page.content() + page.evaluate("() => [...document.querySelectorAll('input, textarea')].map(field => field.value).join(' ')")
        found += [(path, name) for name, secret in secrets.items() if secret in sent + shown]
    assert not found, found
    assert browser.complaints.all == []


def test_no_address_holds_a_secret(asked):
    page, secrets, addresses = asked
    assert len(addresses) > 20
    assert not [(name, address) for name, secret in secrets.items() for address in addresses if secret in address]


def test_nothing_a_script_can_read_holds_the_session(asked, server):
    page, secrets, _ = asked
    page.goto(f"/projects/{server.credentials['project_id']}/overview")
    kept = page.evaluate("() => document.cookie + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})")
    assert not [name for name, secret in secrets.items() if secret in kept]


def test_the_token_of_an_invitation_leaves_the_address_at_once(asked, server, browser):
    _, secrets, _ = asked
    page = browser.open()
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"/invitation#{secrets['invitation']}")
    page.get_by_role("button", name="Accept the invitation").wait_for()
    page.wait_for_function("() => location.hash === ''")
    assert not [address for address in addresses if secrets["invitation"] in address.partition("#")[0]]
    page.context.close()


def test_the_log_holds_no_secret(asked, server):
    _, secrets, _ = asked
    # Where no mail can be sent, an invitation is handed over by the log, as the first password is.
    assert not [name for name in ("new key", "provider key", "session") if secrets[name] in server.log()]
