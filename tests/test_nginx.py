"""docs/deploy/nginx.conf, run by a real nginx before a server of ours."""

import http.server
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings as site_settings

from resources.files.covers import MAX_BYTES

from .on_postgresql import free_port

CONF = site_settings.BASE_DIR / "docs" / "deploy" / "nginx.conf"
HOST = "library.example.org"
# Around the example, which is made to be included.
AROUND = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {conf}
}}
"""


class Site(http.server.BaseHTTPRequestHandler):
    """Answers with the size of what was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        size = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(size)
        body = f"{self.path} {size}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def proxy():
    """Start nginx; return a function that asks it, and the server behind it."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if not program:
        pytest.skip("nginx is not installed (apt-get install nginx-light)")
    # Not pytest's own folder, into which the account of nginx cannot look.
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))
    folder.chmod(0o755)
    key, certificate = folder / "key", folder / "certificate"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        + ["-subj", f"/CN={HOST}", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    http_port, secure = free_port(), free_port()
    text = CONF.read_text().replace("listen [::]:", "# ")
    for old, new in [
        ("listen 80", f"listen 127.0.0.1:{http_port}"),
        ("listen 443", f"listen 127.0.0.1:{secure}"),
        ("127.0.0.1:8000", f"127.0.0.1:{site.server_port}"),
        (f"/etc/letsencrypt/live/{HOST}/fullchain.pem", str(certificate)),
        (f"/etc/letsencrypt/live/{HOST}/privkey.pem", str(key)),
    ]:
        assert old in text
        text = text.replace(old, new)
    conf = folder / "nginx.conf"
    conf.write_text(AROUND.format(folder=folder, conf=text))
    command = [program, "-c", conf, "-p", folder, "-e", folder / "error.log"]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    process = subprocess.Popen(command)

    def ask(method, path, size=0):
        context = ssl.create_default_context(cafile=certificate)
        context.check_hostname = False
        connection = HTTPConnection(HOST)
        plain = socket.create_connection(("127.0.0.1", secure), timeout=30)
        connection.sock = context.wrap_socket(plain, server_hostname=HOST)
        try:
            connection.request(method, path, b"x" * size, {"Host": HOST})
        except (BrokenPipeError, ConnectionResetError):
            pass  # It need not read to the end of what it refuses.
        response = connection.getresponse()
        return response, response.read().decode()

    for _attempt in range(100):
        try:
            ask("GET", "/")
            break
        except OSError:
            time.sleep(0.05)
    yield ask, site
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)


@pytest.mark.parametrize("size", [0, MAX_BYTES, 13_000_000, 30_000_000])
def test_the_site_itself_answers_for_uploads(proxy, size):
    ask, _site = proxy
    response, text = ask("POST", "/admin/", size)
    assert response.status == 200 and text == f"/admin/ {size}"


def test_what_is_larger_still_is_refused_in_words(proxy):
    ask, _site = proxy
    response, text = ask("POST", "/admin/", 40_000_000)
    assert response.status == 413 and "at most 10 MB" in text
    assert response.getheader("Content-Type").startswith("text/plain")


def test_checks_are_for_this_machine_and_metrics_for_nobody(proxy):
    ask, _site = proxy
    assert ask("GET", "/health/ready")[1] == "/health/ready 0"
    assert ask("GET", "/metrics")[0].status == 404
    assert re.search(r"location /health/ {[^}]*deny all;", CONF.read_text())


def test_while_the_site_is_away_there_are_words(proxy):
    ask, site = proxy
    site.shutdown()
    site.server_close()
    response, text = ask("GET", "/")
    assert response.status == 503 and "being restarted" in text
    assert response.getheader("Retry-After") == "10"
