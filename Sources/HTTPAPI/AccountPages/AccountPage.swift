/// The two pages that mailed links lead to: one sets a new password, one accepts an invitation. Each is one file without anything from
/// elsewhere; the token comes behind the `#` of the link, is taken out of the address at once, and goes to the API.

import ByteCoding
import Crypto

struct AccountPage: Sendable {
    enum Kind: Sendable, CaseIterable {
        case invitation, passwordReset
    }

    let html: String
    /// Nothing but this page's own script and style, and requests to this server.
    let contentSecurityPolicy: String

    init(_ kind: Kind) {
        let (title, words, nameField, path, done) =
            switch kind {
            case .invitation:
                (
                    "Accept the invitation", "Choose a password of 10 characters or more.",
                    #"<label>Your name <input id="name" autocomplete="name" required maxlength="100"></label>"#,
                    "/api/v1/auth/invitations/accept", "You have an account now."
                )
            case .passwordReset:
                (
                    "Set a new password", "Choose one of 10 characters or more. Every session of yours ends.", "",
                    "/api/v1/auth/password-resets/confirm", "The password is set."
                )
            }
        let script = Self.script.replacing("PATH", with: path).replacing("DONE", with: done)
        html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(title) - Spandrel</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            <p>\(words)</p>
            <form id="form">
            \(nameField)
            <label>Password <input id="password" type="password" autocomplete="new-password" required minlength="10"></label>
            <button>\(title)</button>
            </form>
            <p id="message" role="status"></p>
            </main>
            <script>\(script)</script>
            </body>
            </html>

            """
        func hash(_ text: String) -> String { "'sha256-\(Base64.text(Array(SHA256.hash(data: Array(text.utf8)))))'" }
        contentSecurityPolicy =
            "default-src 'none'; script-src \(hash(script)); style-src \(hash(Self.style)); connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'"
    }

    private static let script = """
        const token = location.hash.slice(1), form = document.getElementById("form"), message = document.getElementById("message");
        history.replaceState(null, "", location.pathname);
        if (!token) { form.hidden = true; message.textContent = "This page needs the link that was sent to you."; }
        form.addEventListener("submit", async (event) => {
          event.preventDefault();
          const name = document.getElementById("name"), body = { token, password: document.getElementById("password").value };
          if (name) body.name = name.value;
          message.textContent = "";
          try {
            const answer = await fetch("PATH", {
              method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
            });
            if (!answer.ok) throw new Error((await answer.json()).detail);
            form.hidden = true;
            message.textContent = "DONE Sign in with: spandrel login --url " + location.origin + " --email YOUR-ADDRESS";
          } catch (error) { message.textContent = error.message; }
        });
        """

    private static let style = """
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 28rem; margin: 15vh auto 0; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin: 0; }
        form { display: grid; gap: 1rem; }
        label { display: grid; gap: .25rem; }
        input, button { font: inherit; padding: .5rem; border-radius: .25rem; border: 1px solid #888; }
        button { background: #1f5fbf; color: #fff; border-color: #1f5fbf; cursor: pointer; }
        form[hidden] { display: none; }
        """
}
