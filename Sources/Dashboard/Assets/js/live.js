// Follows the server over a WebSocket and comes back by itself when the connection is lost.

/** `path` with its query; `receive(message)`; answers `{close()}`. `after(last)` may change the address of the next try. */
export function follow(path, receive, {onState = () => {}, resume = false} = {}) {
  let socket, timer, attempt = 0, last = null, isClosed = false;

  function connect() {
    // A WebSocket has no headers of its own: its path says which project is meant.
    const {project} = document.body.dataset, url = new URL(project ? `/projects/${project}${path}` : path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (resume && last !== null) url.searchParams.set("after", String(last));
    socket = new WebSocket(url, ["spandrel.v1"]);
    socket.onopen = () => { attempt = 0; onState("open"); };
    socket.onmessage = event => {
      if (isClosed) return;
      const message = JSON.parse(event.data);
      last = message.sequence ?? last;
      receive(message);
    };
    socket.onclose = event => {
      if (isClosed) return;
      onState("closed");
      if (event.code === 1000 || event.code === 1008) return;
      attempt += 1;
      timer = setTimeout(connect, Math.min(15_000, 250 * 2 ** attempt) * (0.75 + Math.random() / 2));
    };
  }

  connect();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      socket.close(1000);
    },
  };
}
