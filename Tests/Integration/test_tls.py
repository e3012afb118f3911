"""TLS as operators and clients meet it: curl over both HTTP versions, an OpenTelemetry exporter, the command line, a renewed certificate, a
proxy in front."""
import json, os, pathlib, signal, socket, ssl, subprocess
import grpc
import pytest
from websockets.sync.client import connect
from harness.grpc_calls import EXPORT_TRACES
from harness.messages import every_field
from harness.server import BINARY, DataDirectory, Server, wait_until
from harness.tasks import Task


def make_certificate(folder, name):
    """A self-signed certificate of 127.0.0.1, written over whatever is there."""
    certificate, key = folder / "server.pem", folder / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return pathlib.Path(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def certificate(folder):
    return make_certificate(folder, "first")[0]


@pytest.fixture(scope="module")
def secure(folder, certificate):
    directory = DataDirectory()
    server = Server(
        directory, "--tls-certificate", str(certificate), "--tls-key", str(folder / "server.key"), "--trusted-proxy", "127.0.0.0/8")
    server.url = server.url.replace("http:", "https:")
    try:
        yield server.start()
    finally:
        server.end()
        directory.remove()


def curl(*arguments, status=0):
    done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "30", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_spans_go_in_and_answers_come_out_over_either_http(secure, certificate, tmp_path, version):
    body = tmp_path / "body"
    body.write_bytes(every_field(77).SerializeToString())
    common = [version, "--cacert", certificate, "-H", f"authorization: Bearer {secure.key}"]
    used = curl(*common, "-H", "content-type: application/x-protobuf", "--data-binary", f"@{body}", "-o", os.devnull,
                "-w", "%{http_code} %{http_version}", f"{secure.url}/v1/traces")
    assert used == ("200 2" if version == "--http2" else "200 1.1")
    answer = curl(*common, "-H", "content-type: application/json", "-d", '{"aggregates":["count"]}', f"{secure.url}/api/v1/query")
    assert json.loads(answer)["data"][0]["count"] > 0


def test_spans_go_in_over_grpc_within_tls_and_only_so(secure, certificate):
    metadata, body = [("authorization", f"Bearer {secure.key}")], every_field(78).SerializeToString()
    with grpc.secure_channel(f"localhost:{secure.grpc_port}", grpc.ssl_channel_credentials(certificate.read_bytes())) as channel:
        assert channel.unary_unary(EXPORT_TRACES)(body, timeout=30, metadata=metadata) == b""
    with grpc.insecure_channel(f"localhost:{secure.grpc_port}") as channel, pytest.raises(grpc.RpcError) as failure:
        channel.unary_unary(EXPORT_TRACES)(body, timeout=30, metadata=metadata)
    assert failure.value.code() == grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_events_are_followed_over_either_http(secure, certificate, version):
    task = Task(secure)
    task.append(3)
    stream = subprocess.Popen(
        ["curl", "--silent", "--no-buffer", version, "--cacert", certificate, "-H", f"authorization: Bearer {secure.key}", "-H", "accept: text/event-stream",
         "--max-time", "60", f"{secure.url}{task.path}?after=0"], stdout=subprocess.PIPE, text=True)
    lines = iter(stream.stdout.readline, "")
    assert any(line == "event: case.finished\n" for line in lines)
    task.finish()
    assert any(line == "event: task.succeeded\n" for line in lines)
    assert stream.wait(60) == 0, "the stream ends whole"


def test_events_are_followed_over_a_websocket_within_tls(secure, certificate):
    task, context = Task(secure), ssl.create_default_context(cafile=certificate)
    uri = f"wss://127.0.0.1:{secure.port}{task.path}?after=0"
    with connect(uri, additional_headers={"Authorization": f"Bearer {secure.key}"}, ssl=context, proxy=None) as socket:
        assert json.loads(socket.recv(timeout=30))["type"] == "hello"
        task.append(500, size=100)
        task.finish()
        messages = [json.loads(text) for text in socket]
    assert [message["sequence"] for message in messages if message["type"] != "progress"] == list(range(1, 502))
    assert socket.close_code == 1000


def test_a_client_that_does_not_know_the_certificate_gets_nothing(secure):
    curl(f"{secure.url}/health/live", status=60)


def test_plain_http_gets_no_answer(secure):
    with socket.create_connection(("127.0.0.1", secure.port), timeout=30) as plain:
        plain.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP/1.1 2" not in plain.recv(4096)


def test_credentials_name_the_secure_url_and_the_command_line_uses_it(secure, certificate):
    assert secure.credentials["url"] == secure.url
    environment = {**os.environ, "SPANDREL_CA_CERTIFICATE": str(certificate)}
    arguments = [str(BINARY), "query", "--data-dir", str(secure.data), "--aggregates", "count"]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and "count" in done.stdout, done.stderr
    refused = subprocess.run(arguments, capture_output=True, text=True)
    assert refused.returncode != 0


def test_answers_over_tls_ask_for_tls_from_then_on(secure, certificate):
    headers = curl("--cacert", certificate, "-D", "-", "-o", os.devnull, f"{secure.url}/health/live").lower()
    assert "strict-transport-security:" in headers and "x-content-type-options: nosniff" in headers


def test_the_address_a_trusted_proxy_names_is_the_one_in_the_log(secure, certificate):
    curl("--cacert", certificate, "-H", "x-forwarded-for: 203.0.113.7", f"{secure.url}/api/v1/projects")
    wait_until(lambda: "203.0.113.7" in secure.log(), 10, "the address in the log")


def served_name(port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw, context.wrap_socket(raw) as connection:
        pem = ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))
    return subprocess.run(["openssl", "x509", "-noout", "-subject"], input=pem, capture_output=True, text=True, check=True).stdout


def test_sighup_brings_a_renewed_certificate_and_keeps_open_connections(secure, folder, certificate):
    assert "first" in served_name(secure.port)
    context = ssl.create_default_context(cafile=str(certificate))
    with socket.create_connection(("127.0.0.1", secure.port), timeout=30) as raw, context.wrap_socket(raw, server_hostname="127.0.0.1") as open_one:
        make_certificate(folder, "second")
        secure.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "second" in served_name(secure.port), 10, "the renewed certificate")
        open_one.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert open_one.recv(4096).startswith(b"HTTP/1.1 200")


def test_files_that_do_not_fit_keep_the_certificate_in_use(secure, folder):
    (folder / "server.key").write_text("nothing")
    before = served_name(secure.port)
    secure.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "certificate and key were not changed" in secure.log(), 10, "the refusal in the log")
    assert served_name(secure.port) == before
