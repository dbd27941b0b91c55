"""A receiver of passes that does as the test wants: real HTTP or HTTPS on loopback, and the documented check of every
signature."""
import http.server
import importlib.util
import json
import os
import ssl
import subprocess
import threading

from cryptography import x509

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/examples/callback-receiver/receiver.py")


def load_example():
    spec = importlib.util.spec_from_file_location("example_receiver", EXAMPLE)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    return example


example = load_example()


def make_certificate(folder, name="localhost", alternative="DNS:localhost,IP:127.0.0.1"):
    """A key and a certificate for a server, which vouches for itself: (certificate, key), as files."""
    certificate, key = f"{folder}/{name}.crt", f"{folder}/{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "30", "-subj", f"/CN={name}", "-addext", f"subjectAltName={alternative}", "-keyout", key, "-out",
                    certificate], check=True, capture_output=True)
    return certificate, key


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.take(self, body)
        receiver.answer(self, json.loads(body))

    def do_GET(self):
        self.server.receiver.gets.append(self.path)
        self.reply(200)

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a terminal that hangs up is what some tests are about


class Receiver:
    """records: every pass that was taken, in order of arrival, repeats included."""

    def __init__(self, authority, port=0, pair=None):
        self.lock = threading.Condition()
        self.records = []
        self.bodies = []
        self.heads = []
        self.paths = []
        self.gets = []
        self.connections = set()
        self.problems = []
        self.answer = lambda handler, record: handler.reply(204)
        with open(authority, "rb") as file:
            self.authority = x509.load_pem_x509_certificate(file.read())
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.receiver = self
        self.scheme = "https" if pair else "http"
        if pair:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*pair)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def url(self, host="127.0.0.1", path="/passes"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def take(self, handler, body):
        with self.lock:
            try:
                record = example.verify(body, handler.headers["Smartpass-Signature"], self.authority, 5)
            except Exception as error:  # pylint: disable=broad-except
                self.problems.append(repr(error))
                record = json.loads(body)
            self.records.append(record)
            self.bodies.append(body)
            self.heads.append(dict(handler.headers))
            self.paths.append(handler.path)
            self.connections.add(handler.client_address)
            self.lock.notify_all()

    def seqs(self):
        return [int(record["seq"]) for record in self.records]

    def wait(self, count, seconds=20):
        with self.lock:
            if not self.lock.wait_for(lambda: len(self.records) >= count, seconds):
                raise AssertionError(f"waited {seconds} s in vain for {count} records, got {self.seqs()}")
        return self.records[count - 1]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
