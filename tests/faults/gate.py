"""A small site on the real programs: one server, a few terminals with the native face engine, people who may pass."""
import os
import subprocess
import tempfile
import threading
import time

from agent_process import Agent
from fixture import BIN, MODULES, Server, wait_until

SHARE = os.environ["SMARTPASS_SHARE"]
PHOTOS = os.path.join(SHARE, "photos")
people, passes = MODULES["people"], MODULES["pass"]


def photo(name):
    return os.path.join(PHOTOS, name)


class Site:
    def __init__(self, terminals=2, persons=2):
        self.server = Server("--worker-weights", os.path.join(SHARE, "face.weights")).start()
        self.folder = tempfile.mkdtemp(prefix="smartpass-site-")
        self.admin = self.server.admin()
        self.people = [self._employ(number) for number in range(1, persons + 1)]
        self.terminals = [self._enrol(number) for number in range(1, terminals + 1)]
        self.grant_all()

    def _employ(self, number):
        with open(photo("person-%02d.jpg" % number), "rb") as file:
            picture = self.admin.upload(file.read())
        employee = people.Employee(number="%04d" % number, name="Person %d" % number, photo_id=picture.id)
        return self.admin.call("PeopleService.CreateEmployee", people.CreateEmployeeRequest(employee=employee))

    def _enrol(self, number):
        folder = os.path.join(self.folder, "terminal-%d" % number)
        subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server", "localhost:%d" % self.server.port,
                        "--username", "admin", "--serial", "T-%d" % number, "--data", folder],
                       input=Server.PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        return Agent(os.path.join(BIN, "smartpass-agent"), folder, "--engine", "native",
                     "--weights", os.path.join(SHARE, "face.weights")).start()

    def grant_all(self):
        devices = [int(terminal.status()["deviceId"]) for terminal in self.terminals]
        self.admin.call("PassService.BatchCreateGrants", passes.BatchCreateGrantsRequest(
            person_ids=[person.id for person in self.people], device_ids=devices))
        for terminal in self.terminals:
            terminal.wait(lambda status: status["faces"] == len(self.people), 60)

    def close(self):
        for terminal in self.terminals:
            terminal.close()
        self.server.close()


class Walker(threading.Thread):
    """Somebody who passes at one terminal again and again, and remembers every pass that he saw decided."""

    def __init__(self, terminal, persons):
        super().__init__(daemon=True)
        self.terminal, self.persons = terminal, persons
        self.shown = []  # (epoch, seq, result)
        self.tries = 0
        self.over = threading.Event()

    def run(self):
        while not self.over.is_set():
            self.tries += 1
            try:
                seen = self.terminal.see(photo("person-%02d-visit.jpg" % (self.tries % self.persons + 1)), "--temp", "36.6")
                self.shown.append((int(seen["epoch"]), int(seen["seq"]), seen["result"]))
            except (OSError, ValueError):
                time.sleep(0.02)  # the terminal was killed; what it did not answer was not shown

    def stop(self):
        self.over.set()
        self.join()


def postmaster(server):
    return wait_until(server.postmaster, 60)
