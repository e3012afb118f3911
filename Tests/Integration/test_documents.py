"""Pages that repeat what stands elsewhere are made from it, and are up to date."""
import re, subprocess, sys
from harness.server import REPOSITORY


def first_steps():
    lines = (REPOSITORY / "scripts/first-steps").read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("# ")).strip()


def test_the_readme_shows_the_commands_make_run_prints():
    blocks = re.findall(r"^```sh\n(.*?)^```$", (REPOSITORY / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    shown = [block.strip() for block in blocks]
    for command in re.split(r"\n\n", first_steps()):
        assert command.strip() in shown


def test_the_page_of_limits_is_made_from_the_rooms():
    made = subprocess.run([sys.executable, REPOSITORY / "scripts/limits"], check=True, capture_output=True, text=True).stdout
    assert made.count("| `maximum") > 30
    assert (REPOSITORY / "docs/limits.md").read_text() == made


def test_links_between_pages_lead_somewhere():
    for page in [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
