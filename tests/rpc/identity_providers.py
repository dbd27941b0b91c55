"""Identity providers in processes of their own, and a browser that walks through one."""

import base64
import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("SMARTPASS_SOURCE", os.path.join(HERE, "../.."))
PACKAGE = os.path.join(SOURCE, "third_party/npm/node_modules/oidc-provider")
REDIRECT = "https://console.example:9000/sign-in/external"


class Process:
    """A provider in Node: what it prints first, as a dictionary."""

    def __init__(self, script, *arguments):
        self.process = subprocess.Popen([shutil.which("node"), os.path.join(HERE, script), *arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)


class Hostile(Process):
    def __init__(self, *arguments):
        super().__init__("hostile_provider.mjs", *arguments)
        self.issuer = self.facts["issuer"]

    def get(self, path):
        with urllib.request.urlopen(self.issuer + path, timeout=20) as answer:
            return json.load(answer)


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """Cookies, and every step by itself."""

    def __init__(self):
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stays,
                                                  urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def step(self, url, form=None):
        """(where it leads, the page): one of them is None."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(url, data, timeout=20) as answer:
                return None, answer.read().decode()
        except urllib.error.HTTPError as error:
            if error.code in (302, 303):
                return urllib.parse.urljoin(url, error.headers["location"]), None
            raise AssertionError("%s: %d %s" % (url, error.code, error.read().decode()[:2000])) from None

    def sign_in(self, uri, name):
        """Through the provider's pages, until it sends the browser back: the parameters of that."""
        form = None
        for _ in range(20):
            uri, page = self.step(uri, form) if form is None else self.step(form.pop("action"), form)
            if page is not None:
                action = re.search(r'action="([^"]+)"', page).group(1)
                prompt = re.search(r'name="prompt" value="([^"]+)"', page).group(1)
                form = {"action": action, "prompt": prompt, "login": name, "password": "any"}
                continue
            form = None
            if uri.startswith(REDIRECT):
                return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(uri).query))
        raise AssertionError("the provider led nowhere")


def parameters(uri):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(uri).query))


def order(nonce, **wanted):
    """The code that makes the hostile provider do as it is told."""
    return base64.urlsafe_b64encode(json.dumps({"nonce": nonce, **wanted}).encode()).decode().rstrip("=")
