#!/usr/bin/env python3
"""What a promotion costs: a knowledge base of 10,000 articles is promoted whole, then again and again with one in a hundred changed.

    Benchmarks/knowledge-promotion [--entries 10000] [--changed 100] [--rounds 5]

Over HTTP, by a server with its own worker and PostgreSQL; vectors come from the provider's stand-in, which answers at once. A promotion's
time is from the request to the end of its task: building, publishing, and the waits between. Prints one JSON object; status 1 when the bar
is missed, more was embedded than what changed, or a search does not find it.
"""
import argparse, json, pathlib, sys, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Tests/Integration")]
import processes
from harness.accounts import owner
from harness.knowledge import KnowledgeProject, archive
from harness.runs import use_stand_in
from harness.server import DataDirectory, Server
from harness.stand_in import StandIn

BAR_SECONDS = 10
MODEL = "text-embedding-3-small"
# A page of text each, in three sections: as many chunks.
SECTIONS, SENTENCES = 3, 12


def article(number, edition):
    sections = "\n".join(
        f"## Part {part}\n\n" + " ".join(
            f"Sentence {sentence} of part {part} tells what edition {edition} says of matter{number}, and why it is so."
            for sentence in range(SENTENCES)) + "\n"
        for part in range(SECTIONS))
    return f"articles/article-{number:06}.md", f"# Article {number}\n\n{sections}"


class Measurement:
    def __init__(self, server, stand_in, entries, changed):
        self.server, self.stand_in, self.entries, self.changed = server, stand_in, entries, changed
        user = owner(server)
        use_stand_in(user, stand_in)
        self.project = KnowledgeProject(user, "promotion", MODEL)
        self.edition = 0

    def promote(self, numbers):
        """Seconds to bring these articles into a draft, seconds and CPU to promote it, calls of the model."""
        self.edition += 1
        name = f"edition-{self.edition}"
        start = time.monotonic()
        self.project.put_articles(self.project.draft(name), [article(number, self.edition) for number in numbers])
        uploaded = time.monotonic() - start
        self.stand_in.reset()
        cpu, start = processes.cpu_seconds(self.server.process.pid), time.monotonic()
        task = self.project.promote(name)
        revision = self.project.succeeded(task, 1_800)["revision"]
        seconds = time.monotonic() - start
        cpu = processes.cpu_seconds(self.server.process.pid) - cpu
        calls = sum(self.stand_in.calls()["by_model"].values())
        return {"revision": revision, "upload_seconds": uploaded, "seconds": seconds, "cpu_seconds": cpu, "embedding_calls": calls}

    def is_found(self, number):
        answer = self.project.search(f"matter{number}")
        best = answer["data"][0]
        return answer["revision"] == self.edition and best["key"] == article(number, 0)[0].removesuffix(".md") and f"edition {self.edition} " in best["text"]


def measure(entries, changed, rounds):
    stand_in, directory = StandIn().start(), DataDirectory()
    server = Server(directory, "--allow-outbound", "127.0.0.0/8").start()
    try:
        here = Measurement(server, stand_in, entries, changed)
        first = here.promote(range(entries))
        later = []
        for turn in range(rounds):
            numbers = range(turn, entries, entries // changed)
            later.append(here.promote(numbers))
            later[-1]["is_found"] = here.is_found(numbers[-1])
    finally:
        server.end()
        stand_in.end()
        directory.remove()
    worst = max(promotion["seconds"] for promotion in later)
    # Each chunk of what changed once, in whole batches or less.
    most_calls = first["embedding_calls"] * changed / entries + 2
    return {
        "entries": entries, "changed": changed, "whole": rounded(first), "changes": [rounded(promotion) for promotion in later],
        "worst_seconds": round(worst, 3), "bar_seconds": BAR_SECONDS,
        "holds": worst <= BAR_SECONDS and all(promotion["is_found"] and promotion["embedding_calls"] <= most_calls for promotion in later),
    }


def rounded(promotion):
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in promotion.items()}


def main():
    parser = argparse.ArgumentParser(description="What a promotion of a large knowledge base costs.")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    result = measure(**vars(parser.parse_args()))
    print(json.dumps(result, indent=2))
    return 0 if result["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
