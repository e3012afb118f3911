"""A provider, or an application, that means harm: answers from a table, on a loopback port.

    with HostileProvider() as provider:
        provider.answers["/path"] = answer(headers={"Retry-After": "inf"}, status=503)
        provider.requests                    what came in: (path, headers, body)
"""
import http.server, json, threading


def answer(body=b"", status=200, headers=()):
    """What a path answers: a status, header fields as they are, a body."""
    return status, dict(headers), body if isinstance(body, bytes) else json.dumps(body).encode()


def chat(text, **more):
    """An answer in the form of OpenAI's chat completions."""
    return answer({
        "id": "x", "object": "chat.completion", "model": "gpt-4.1-mini",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}], **more,
    }, headers={"Content-Type": "application/json"})


class HostileProvider:
    def __init__(self):
        self.answers, self.requests = {}, []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                provider.requests.append((self.path, dict(self.headers), body))
                made = provider.answers.get(self.path.split("?")[0], (404, {}, b""))
                status, headers, content = made(self.headers, body) if callable(made) else made
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
