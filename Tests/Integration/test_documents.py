"""Pages that repeat what stands elsewhere are made from it, and are up to date."""
import re, subprocess, sys
from harness.server import REPOSITORY


def test_the_page_of_limits_is_made_from_the_rooms():
    made = subprocess.run([sys.executable, REPOSITORY / "scripts/limits"], check=True, capture_output=True, text=True).stdout
    assert made.count("| `maximum") > 30
    assert (REPOSITORY / "docs/limits.md").read_text() == made


def test_links_between_pages_lead_somewhere():
    for page in [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
