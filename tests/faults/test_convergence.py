"""Settings come to be the same everywhere. Two hundred terminals and the console change them at random, terminals lose the
network and are killed, and so is the server; then nothing happens any more. From then on, what the server wants, what it has
been told, and what each terminal says of itself must become one."""
import hashlib
import importlib
import json
import os
import random
import re
import subprocess
import tempfile
import threading
import time
import unittest

import grpc
from fixture import BIN, MODULES, Refused, Server, wait_until

TERMINALS = int(os.environ.get("SMARTPASS_TERMINALS", "200"))
SECONDS = int(os.environ.get("SMARTPASS_SECONDS", "60"))
SEED = int(os.environ.get("SMARTPASS_SEED", str(random.randrange(1, 1 << 30))))
QUIET_S = 120  # the longest that it may take until all are one

# Of each second, at terminals; and of each, at the console.
EDITS, OUTAGES, KILLS, GIVEN = 60, 8, 3, 8

SETTING = importlib.import_module("smartpass.v1.options_pb2").setting
RULES = {field.number: (field, field.GetOptions().Extensions[SETTING])
         for field in MODULES["devices"].DeviceSettings.DESCRIPTOR.fields if field.GetOptions().HasExtension(SETTING)}
POPULAR = ("volume", "relay_seconds", "company_name", "camera_resolution")  # the fleet likes the same
KEPT_BACK = "test_threshold"  # the console gives it once alone: when the server is killed
UNDECIDED = "SELECT count(*) FROM device_setting WHERE reported_version < version"
OPEN_COMMANDS = "SELECT count(*) FROM device_command WHERE state < 3"
DONE_COMMANDS = "SELECT count(*) FILTER (WHERE state = 3), count(*) FROM device_command"


class Console(threading.Thread):
    """Gives settings to one terminal, to several, to a group, and commands, while the server comes and goes."""

    def __init__(self, server, dice, devices, groups):
        super().__init__(daemon=True)
        self.server, self.dice, self.devices, self.groups = server, dice, devices, groups
        self.done = threading.Event()
        self.given = {"one": 0, "several": 0, "group": 0, "command": 0}
        self.failed = 0

    def value(self, field, rule):
        if rule.form == "resolution":
            return self.dice.choice(["640x480", "1280x720", "1920x1080"])  # the last is not offered
        if rule.form == "pin":
            return str(self.dice.randrange(10, 99999))
        if rule.form == "url":
            return "https://face.example/%d" % self.dice.randrange(1000)
        if field.type == field.TYPE_STRING:
            return "Console %d" % self.dice.randrange(1000)
        if field.type == field.TYPE_BOOL:
            return self.dice.random() < 0.5
        if field.type == field.TYPE_ENUM:
            return self.dice.choice([value.number for value in field.enum_type.values if value.number > 0])
        return self.dice.randrange(rule.min, rule.max + 1, rule.step or 1)

    def some_values(self, names):
        choice = [rule for rule in RULES.values() if rule[0].name != KEPT_BACK and (names or rule[0].name != "device_name")]
        if self.dice.random() < 0.5:
            choice = [rule for rule in choice if rule[0].name in POPULAR]
        fields = self.dice.sample(choice, min(len(choice), self.dice.choice([1, 1, 1, 2, 5, 20])))
        return {field.name: self.value(field, rule) for field, rule in fields}

    def command(self):
        device = [self.dice.choice(self.devices)]
        kind = self.dice.choice(["door", "restart", "reset"])
        if kind == "door":
            self.server.admin().call("CommandsService.MoveDoors", device_ids=device)
        elif kind == "restart":
            self.server.admin().call("CommandsService.ControlPower", device_ids=device)
        else:
            self.server.admin().call("CommandsService.ResetDevices", device_ids=device, confirm_count=1)

    def give(self):
        whom = self.dice.choices(["one", "several", "group", "command"], [8, 2, 1, 2])[0]
        values = self.some_values(names=whom == "one")
        fields = dict(settings=values, update_mask=dict(paths=list(values)))
        if whom == "one":
            self.server.admin().call("DevicesService.UpdateDeviceSettings", id=self.dice.choice(self.devices), **fields)
        elif whom == "command":
            self.command()
        elif whom == "several":
            several = self.dice.sample(self.devices, self.dice.randrange(2, min(40, len(self.devices))))
            self.server.admin().call("SettingsService.UpdateSettings", device_ids=several, **fields)
        else:
            self.server.admin().call("SettingsService.UpdateSettings", group_id=self.dice.choice(self.groups), **fields)
        self.given[whom] += 1

    def run(self):
        while not self.done.wait(self.dice.uniform(0, 2 / GIVEN)):
            try:
                self.give()
            except (Refused, grpc.RpcError, ValueError):  # the server is not there; its channel is closed
                self.failed += 1

    def stop(self):
        self.done.set()
        self.join()


class Convergence(unittest.TestCase):
    def setUp(self):
        self.dice = random.Random(SEED)
        self.server = Server().start()
        self.addCleanup(self.server.close)
        self.folder = tempfile.TemporaryDirectory(prefix="smartpass-fleet-")
        self.addCleanup(self.folder.cleanup)
        self.server.admin()
        self.make_terminals()

    def make_terminals(self):
        """All in one group, every third of them in a group of its own below."""
        database = "host=%s/postgres-socket port=3306 user=smartpass dbname=smartpass" % self.server.data
        made = subprocess.run([os.path.join(BIN, "bench_make_fleet"), self.server.data, database, self.folder.name,
                               str(TERMINALS), "0"], check=True, stdout=subprocess.PIPE, text=True)
        root = int(made.stdout.split()[0])
        part = self.server.admin().call("OrgService.CreateGroup", group=dict(name="Part", parent_id=root)).id
        self.devices = [int(row[0]) for row in self.server.sql("SELECT id FROM device ORDER BY id")]
        self.server.sql("UPDATE device SET group_id = %d WHERE id = ANY ('{%s}')" % (part, ",".join(map(str, self.devices[::3]))))
        self.groups = [root, part]

    def start_fleet(self):
        self.told = os.path.join(self.folder.name, "settings.jsonl")
        self.fleet = subprocess.Popen(
            [os.path.join(BIN, "smartpass-agent"), "fleet", "--server", "localhost:%d" % self.server.port, "--fleet",
             str(TERMINALS), "--credentials", self.folder.name, "--first", "1", "--rate", "50", "--seconds", str(SECONDS),
             "--edits", str(EDITS), "--outages", str(OUTAGES), "--kills", str(KILLS), "--skew", "900", "--slow", "20",
             "--stable", "1", "--seed", str(SEED), "--stay", "--tell-settings", self.told], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end_fleet)
        self.assertRegex(self.fleet.stdout.readline(), "terminals %d online" % TERMINALS)

    def end_fleet(self):
        """What it printed since it had settled."""
        if self.fleet.stdout.closed:
            return ""
        self.fleet.terminate()
        return self.fleet.communicate()[0]

    def kill_server(self):
        """While a setting is on its way to everybody, and what became of it on the way back."""
        self.server.admin().call("SettingsService.UpdateSettings", group_id=self.groups[0],
                                 settings={KEPT_BACK: self.dice.randrange(0, 101)}, update_mask=dict(paths=[KEPT_BACK]))
        time.sleep(self.dice.uniform(0, 0.2))
        self.server.kill()
        time.sleep(self.dice.uniform(0, 2))
        self.server.start()

    # ---- What must be true in the end

    def rows(self):
        """{device: {key: (version, number, text, reported version, reported number, reported text, refused)}}"""
        found = {device: {} for device in self.devices}
        for device, key, *rest in self.server.sql(
                "SELECT device_id, key, version, number, text, reported_version, reported_number, reported_text, refused"
                " FROM device_setting"):
            found[int(device)][int(key)] = rest
        return found

    @staticmethod
    def told_as(field, rule, number, text):
        """A row's value as the fleet tells it."""
        if rule.form == "pin":
            return hashlib.sha256(text.encode()).hexdigest() if text else ""
        return text if field.type == field.TYPE_STRING else int(number)

    def check_setting(self, device, key, row, here):
        field, rule = RULES[key]
        if row is None:  # nobody has ever changed it
            factory = rule.factory_text if field.type == field.TYPE_STRING else rule.factory
            self.assertEqual(here, factory, "%d: %s is not what it was made with" % (device, field.name))
            return 0
        version, number, text, reported_version, reported_number, reported_text, refused = row
        self.assertEqual(reported_version, version, "%d: %s is not confirmed" % (device, field.name))
        self.assertEqual(here, self.told_as(field, rule, reported_number, reported_text),
                         "%d: %s is at the terminal not what it reported" % (device, field.name))
        if refused:
            self.assertEqual((refused, rule.form), ("NOT_OFFERED", "resolution"), device)
            return 1
        self.assertEqual((reported_number, reported_text), (number, text),
                         "%d: %s was reported other than wanted" % (device, field.name))
        return 0

    def check_all(self):
        with open(self.told, encoding="utf-8") as file:
            told = {int(line["deviceId"]): line for line in map(json.loads, file)}
        self.assertEqual(sorted(told), self.devices)
        rows = self.rows()
        refused = 0
        for device in self.devices:
            self.assertEqual(told[device]["unanswered"], 0, device)
            for key, (field, _) in RULES.items():
                refused += self.check_setting(device, key, rows[device].get(key), told[device]["settings"][field.name])
        return refused

    def test_after_edits_cuts_and_kills_every_terminal_has_what_the_server_wants(self):
        print("seed %d" % SEED, flush=True)
        self.start_fleet()
        console = Console(self.server, self.dice, self.devices, self.groups)
        console.start()
        time.sleep(SECONDS / 2)
        self.kill_server()
        settled = self.fleet.stdout.readline()
        console.stop()
        silence = time.time()
        self.assertRegex(settled, r"settled after (\d+) ms")
        wait_until(lambda: self.server.sql(UNDECIDED) == [["0"]], QUIET_S)
        converged = time.time() - silence
        wait_until(lambda: self.server.sql(OPEN_COMMANDS) == [["0"]], QUIET_S)
        (carried_out, commands), = self.server.sql(DONE_COMMANDS)
        (wanted,), = self.server.sql("SELECT count(*) FROM device_setting")
        output = self.end_fleet()
        refused = self.check_all()
        print("%s; at the console %s, %d in vain; %s settings of %d terminals are one, %d of them refused; "
              "the fleet had settled after %s ms, the rest took %.1f s; %s of %s commands done" % (
                  re.search("settings changed .*", output)[0], console.given, console.failed, wanted, TERMINALS, refused,
                  re.search(r"\d+", settled)[0], converged, carried_out, commands))
        self.assertGreater(sum(console.given.values()), SECONDS)


if __name__ == "__main__":
    unittest.main()
