#!/usr/bin/env python3
"""Takes the passes that terminals post (docs/callback.md), believes none that is not signed by a terminal of ours, and
prints each once, as a line of JSON. Needs the package "cryptography".

    receiver.py --authority authority.crt --enterprise 1 [--port 8099]
"""
import argparse
import base64
import datetime
import http.server
import json

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BODY_MAX = 16384


class Refused(Exception):
    """What came is not from a terminal of ours."""


def base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_certificate(certificate, authority):
    """The authority signed it, it holds today, and it is a terminal's: those of servers have another purpose."""
    try:
        authority.public_key().verify(certificate.signature, certificate.tbs_certificate_bytes,
                                      ec.ECDSA(certificate.signature_hash_algorithm))
    except InvalidSignature as error:
        raise Refused("the certificate is not of our authority") from error
    if not certificate.not_valid_before <= datetime.datetime.utcnow() <= certificate.not_valid_after:
        raise Refused("the certificate does not hold today")
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    if ExtendedKeyUsageOID.CLIENT_AUTH not in purposes:
        raise Refused("the certificate is not of a terminal")


def check_signature(key, signed, signature):
    if len(signature) != 64:
        raise Refused("that is no signature")
    pair = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(pair, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Refused("the signature is not of these bytes") from error


def subject(certificate, oid):
    values = certificate.subject.get_attributes_for_oid(oid)
    return values[0].value if len(values) == 1 else None


def verify(body, header, authority, enterprise_id):
    """The pass in a request's body (the bytes as they came), if its header Smartpass-Signature says that a terminal of
    the enterprise posted it. authority: the x509 certificate of the installation's own authority."""
    try:
        head, empty, signature = header.split(".")
        facts = json.loads(base64url(head))
        certificate = x509.load_der_x509_certificate(base64.b64decode(facts["x5c"][0]))
        signature = base64url(signature)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise Refused("that is no signature") from error
    if empty or facts.get("alg") != "ES256" or facts.get("typ") != "smartpass-pass":
        raise Refused("that is another kind of signature")
    check_certificate(certificate, authority)
    content = base64.urlsafe_b64encode(body).rstrip(b"=")
    check_signature(certificate.public_key(), head.encode() + b"." + content, signature)
    record = json.loads(body)
    if subject(certificate, NameOID.ORGANIZATION_NAME) != str(enterprise_id):
        raise Refused("the terminal is of another enterprise")
    if subject(certificate, NameOID.COMMON_NAME) != record["deviceId"]:
        raise Refused("the certificate is of another terminal")
    return record


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    authority = enterprise_id = None
    known = set()  # a receiver that is more than an example keeps it on its disk

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 < size <= BODY_MAX:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(size)
        try:
            record = verify(body, self.headers["Smartpass-Signature"], self.authority, self.enterprise_id)
        except Refused as error:
            print(f"refused: {error}", flush=True)
            return self.answer(403)
        key = record["deviceId"], record["storeEpoch"], record["seq"]
        if key not in self.known:  # after a failure a terminal may post the same again
            print(json.dumps(record), flush=True)
            self.known.add(key)
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--authority", required=True)
    parser.add_argument("--enterprise", required=True)
    parser.add_argument("--port", type=int, default=8099)
    options = parser.parse_args()
    with open(options.authority, "rb") as file:
        Receiver.authority = x509.load_pem_x509_certificate(file.read())
    Receiver.enterprise_id = options.enterprise
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Receiver)
    print(f"listening on port {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
