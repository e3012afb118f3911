// <large-text>: a text of any length. It is fetched by ranges of bytes and put on the page in slices as it is scrolled.
import {make} from "./dom.js";

const slice = 64 * 1024; // bytes of a request
const piece = 8 * 1024; // characters of an element: laying out one is short, and those out of sight are skipped

customElements.define("large-text", class extends HTMLElement {
  connectedCallback() {
    if (this.note) return;
    this.note = this.querySelector(".large-note");
    this.total = Number(this.dataset.bytes);
    this.at = 0;
    this.rest = "";
    this.decoder = new TextDecoder();
    this.textContent = "";
    this.append(this.note);
    this.observer = new IntersectionObserver(entries => { if (entries.at(-1).isIntersecting) this.fill(); }, {root: this, rootMargin: "1200px"});
    this.end = make("div");
    this.note.before(this.end);
    this.observer.observe(this.end);
  }

  disconnectedCallback() { this.observer?.disconnect(); this.controller?.abort(); }

  async fill() {
    if (this.isBusy || this.at >= this.total) return;
    this.isBusy = true;
    this.controller = new AbortController();
    try {
      const reply = await fetch(this.dataset.url, {
        credentials: "same-origin", signal: this.controller.signal,
        headers: {Range: `bytes=${this.at}-${Math.min(this.total, this.at + slice) - 1}`, ...(document.body.dataset.project && {"Spandrel-Project": document.body.dataset.project})},
      });
      if (reply.status !== 206 && reply.status !== 200) throw new Error(`The server answered ${reply.status}.`);
      const bytes = await reply.arrayBuffer();
      this.at += bytes.byteLength;
      let text = this.rest + this.decoder.decode(bytes, {stream: this.at < this.total});
      while (text.length > piece || (text && this.at >= this.total)) {
        const length = cut(text);
        const pre = make("pre", {class: "theirs-block"});
        pre.append(text.slice(0, length).replace(/\n$/, ""));
        this.end.before(pre);
        text = text.slice(length);
        await new Promise(resolve => setTimeout(resolve));
      }
      this.rest = text;
      this.note.firstElementChild.textContent = this.at < this.total ? `${size(this.at)} of ${size(this.total)}` : size(this.total);
    } catch (error) {
      if (error.name !== "AbortError") this.note.append(` ${error.message}`);
      this.hasFailed = true;
    } finally {
      this.isBusy = false;
    }
    // An observer tells changes: where the end is still near it has to look again.
    if (this.at < this.total && this.isConnected && !this.hasFailed) { this.observer.unobserve(this.end); this.observer.observe(this.end); } else this.observer.disconnect();
  }
});

/** Where a piece ends: behind a line where there is one, never inside a character. */
function cut(text) {
  if (text.length <= piece) return text.length;
  const line = text.lastIndexOf("\n", piece - 1);
  if (line > 0) return line + 1;
  const code = text.charCodeAt(piece - 1);
  return code >= 0xd800 && code < 0xdc00 ? piece - 1 : piece;
}

const size = bytes => bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / (1 << 20)).toFixed(1)} MiB`;
