"""A mail server of the test's own on a loopback port: takes every mail and keeps it."""
import email, email.policy, socketserver, threading
from harness.server import wait_until


class _Conversation(socketserver.StreamRequestHandler):
    """SMTP (RFC 5321) as far as a client needs it that only hands over mails."""

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self):
        self.say("220 test ESMTP")
        for line in iter(self.rfile.readline, b""):
            verb = line.strip().upper()[:4]
            if verb == b"DATA":
                self.say("354 go on")
                self.server.take(self.mail())
            elif verb == b"QUIT":
                return self.say("221 bye")
            self.say("250 ok" if verb in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"DATA", b"RSET", b"NOOP") else "502 not here")

    def mail(self):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails, self.lock = [], threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    @property
    def arguments(self):
        """Of a server that sends its mails here."""
        return "--smtp-url", self.url, "--smtp-from", "a@example.com", "--smtp-plaintext"

    def take(self, mail):
        with self.lock:
            self.mails.append(mail)

    def mail_to(self, recipient, count=1):
        """The text of the `count`th mail to somebody, once it is there."""
        def found():
            with self.lock:
                texts = [mail.get_content() for mail in self.mails if recipient in mail["To"]]
            return texts[count - 1] if len(texts) >= count else None
        return wait_until(found, 30, f"mail {count} to {recipient}")
