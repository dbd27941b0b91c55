"""Rollouts: a package comes to terminals stage by stage, stops when too many fail, and waits for those that are offline."""

import os
import subprocess
import sys
import unittest

from fixture import BIN, Server, wait_until
from package_case import CANCELLED, ENDED, MODEL, RUNNING, STOPPED, PackageCase
from terminal import link

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
FETCHING, TRYING = link.PACKAGE_EVENT_FETCHING, link.PACKAGE_EVENT_TRYING


class OneTerminalTest(PackageCase):
    def test_a_package_reaches_a_terminal_part_by_part(self):
        package, (gate,) = self.upload_new(program=os.urandom(100000), model=MODEL), self.gates(1)
        rollout = self.rollout(package, [gate])
        self.assertEqual((rollout.state, rollout.version, rollout.device_count, rollout.waiting_count, list(rollout.stages)),
                         (RUNNING, package.version, 1, 1, [100]))
        offer = gate.offer()
        self.assertEqual((offer.rollout_id, offer.version, offer.force), (rollout.id, package.version, False))
        gate.report(rollout.id, FETCHING)
        gate.fetch(offer)
        shown = self.call("ListRolloutDevices", rollout_id=rollout.id).devices[0]
        self.assertEqual((self.devices(rollout)[gate.id], shown.stage), (("DOWNLOADING", ""), 0))
        self.assertGreater(shown.percent, 80)
        gate.report(rollout.id, TRYING)
        wait_until(lambda: self.devices(rollout)[gate.id] == ("TRYING", ""))
        gate.offline()
        gate.version = package.version
        gate.online()
        self.assertEqual(gate.offer().rollout_id, rollout.id)
        gate.ends(rollout.id)
        self.assertEqual(self.devices(rollout)[gate.id], ("DONE", ""))
        ended = self.call("GetRollout", id=rollout.id)
        self.assertEqual((ended.state, ended.done_count), (ENDED, 1))
        self.assertTrue(ended.HasField("end_time"))

    def test_a_terminal_that_is_offline_takes_it_when_it_returns(self):
        package, (gate,) = self.upload_new(), self.gates(1)
        gate.offline()
        rollout = self.rollout(package, [gate])
        self.assertEqual(rollout.state, RUNNING)
        gate.online()
        self.assertEqual(gate.offer().rollout_id, rollout.id)
        gate.offline()
        gate.online()  # asked again after a cut
        self.assertEqual(gate.offer().rollout_id, rollout.id)

    def test_one_that_has_it_or_a_later_one_is_passed_over_unless_forced(self):
        package = self.upload_new("1.5.0")
        newer, same, older = self.gates(1, version="1.6.0") + self.gates(1, version="1.5.0") + self.gates(1, version="1.4.9")
        other = self.gates(1, version="1.4.0", model="Other")[0]
        rollout = self.rollout(package, [newer, same, older])
        self.assertEqual({i: s for i, (s, _) in self.devices(rollout).items()},
                         {newer.id: "SKIPPED", same.id: "SKIPPED", older.id: "WAITING"})
        self.call("CancelRollout", id=rollout.id)
        forced = self.rollout(package, [newer, same, older], force=True)
        self.assertEqual({s for s, _ in self.devices(forced).values()}, {"WAITING"})
        self.assertTrue(newer.offer().force)
        fitting = self.upload_new("1.7.0", model=MODEL)
        self.assertEqual(self.devices(self.rollout(fitting, [other]))[other.id], ("SKIPPED", "OTHER_MODEL"))

    def test_the_newest_rollout_is_offered(self):
        first, second, (gate,) = self.upload_new(), self.upload_new(), self.gates(1)
        self.rollout(first, [gate])
        self.assertEqual(gate.offer().version, first.version)
        later = self.rollout(second, [gate])
        while True:
            offer = gate.offer()
            if offer.package_size:
                break
        self.assertEqual(offer.rollout_id, later.id)

    def test_a_terminal_that_waits_to_be_accepted_is_offered_nothing(self):
        package, (gate,) = self.upload_new(), self.gates(1)
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % gate.id)
        self.rollout(package, [gate])
        self.assertIsNone(gate.offered())

    def test_parts_of_what_is_not_offered_do_not_come(self):
        package, (gate, stranger) = self.upload_new(), self.gates(2)
        rollout = self.rollout(package, [gate])
        offer = gate.offer()
        for who, number, offset in ((stranger, rollout.id, 0), (gate, 4711, 0), (gate, rollout.id, offer.package_size),
                                    (gate, rollout.id, 2 ** 63), (gate, rollout.id, 2 ** 64 - 1)):
            self.assertEqual(who.part(number, offset).total, 0)

    def test_reports_about_nothing_change_nothing(self):
        package, (gate, stranger) = self.upload_new(), self.gates(2)
        rollout = self.rollout(package, [gate])
        gate.offer()
        stranger.report(rollout.id, link.PACKAGE_EVENT_DONE)
        stranger.report(rollout.id, 99)
        stranger.report(-1, TRYING)
        self.assertEqual(stranger.stream.read("package_offer").package_size, 0)
        self.assertEqual(self.devices(rollout), {gate.id: ("WAITING", "")})
        gate.report(rollout.id, link.PACKAGE_EVENT_FAILED, "<b>")
        wait_until(lambda: self.devices(rollout)[gate.id] == ("FAILED", "UNKNOWN"))
        gate.report(rollout.id, link.PACKAGE_EVENT_DONE)  # an end counts once
        gate.offer()
        gate.offer()
        self.assertEqual(self.devices(rollout)[gate.id][0], "FAILED")


class StagesTest(PackageCase):
    def stage_of(self, rollout):
        return {d.device_id: d.stage for d in self.call("ListRolloutDevices", rollout_id=rollout.id, page_size=100).devices}

    def test_the_next_stage_begins_when_the_last_one_is_through(self):
        package, gates = self.upload_new(), self.gates(4)
        rollout = self.rollout(package, gates, stages=[25, 50, 100], stop_percent=100)
        stages = self.stage_of(rollout)
        by_stage = [[gate for gate in gates if stages[gate.id] == stage] for stage in range(3)]
        self.assertEqual([len(some) for some in by_stage], [1, 1, 2])
        self.assertEqual(by_stage[0][0].offer().rollout_id, rollout.id)
        self.assertIsNone(by_stage[1][0].offered())
        by_stage[0][0].ends(rollout.id)
        self.assertEqual(by_stage[1][0].offer().rollout_id, rollout.id)
        self.assertEqual(self.call("GetRollout", id=rollout.id).stage, 1)
        self.assertIsNone(by_stage[2][0].offered())
        by_stage[1][0].ends(rollout.id, "DAMAGED")
        for gate in by_stage[2]:
            gate.offer()
            gate.ends(rollout.id)
        ended = self.call("GetRollout", id=rollout.id)
        self.assertEqual((ended.state, ended.done_count, ended.failed_count, ended.stage), (ENDED, 3, 1, 2))

    def test_a_stage_does_not_wait_for_those_that_are_offline(self):
        package, gates = self.upload_new(), self.gates(2)
        rollout = self.rollout(package, gates, stages=[50, 100], stop_percent=0)
        stages = self.stage_of(rollout)
        first, second = sorted(gates, key=lambda gate: stages[gate.id])
        first.offer()
        first.offline()
        self.assertEqual(second.offered(20).rollout_id, rollout.id)

    def test_one_that_restarts_into_the_new_version_is_waited_for(self):
        package, gates = self.upload_new(), self.gates(2)
        rollout = self.rollout(package, gates, stages=[50, 100])
        stages = self.stage_of(rollout)
        first, second = sorted(gates, key=lambda gate: stages[gate.id])
        first.offer()
        first.report(rollout.id, TRYING)
        wait_until(lambda: self.devices(rollout)[first.id][0] == "TRYING")
        first.offline()
        self.assertIsNone(second.offered(12))

    def test_the_first_failure_stops_it_and_it_goes_on_when_told(self):
        package, gates = self.upload_new(), self.gates(3)
        rollout = self.rollout(package, gates, stages=[33, 66, 100])
        stages = self.stage_of(rollout)
        first, second, third = sorted(gates, key=lambda gate: stages[gate.id])
        first.offer()
        second_waits = lambda: self.devices(rollout)[second.id] == ("WAITING", "")
        first.ends(rollout.id, "ROLLED_BACK")
        self.assertEqual(self.state(rollout), STOPPED)
        self.assertIsNone(second.offered())
        self.assertTrue(second_waits())
        self.assertEqual(self.refused(self.call, "DeletePackage", id=package.id).reason, "PACKAGE_IN_USE")
        self.assertEqual(self.call("ContinueRollout", id=rollout.id).state, RUNNING)
        second.offer()
        second.ends(rollout.id)
        third.offer()
        third.ends(rollout.id)
        self.assertEqual(self.state(rollout), ENDED)

    def test_half_of_them_may_fail_when_so_many_may(self):
        package, gates = self.upload_new(), self.gates(4)
        rollout = self.rollout(package, gates, stop_percent=50)
        for gate, reason in zip(gates, ("", "DAMAGED", "", "NO_SPACE")):
            gate.offer()
            gate.ends(rollout.id, reason)
        self.assertEqual(self.state(rollout), ENDED)

    def test_a_stopped_rollout_takes_its_offers_back(self):
        package, (gate, failing) = self.upload_new(), self.gates(2)
        rollout = self.rollout(package, [gate, failing])
        gate.offer()
        gate.report(rollout.id, FETCHING)
        failing.offer()
        failing.ends(rollout.id, "DAMAGED")
        self.assertEqual(gate.offer().package_size, 0)
        self.assertEqual(gate.part(rollout.id, 0).total, 0)

    def test_a_cancelled_rollout_begins_nowhere_and_who_installs_finishes(self):
        package, gates = self.upload_new(), self.gates(3)
        rollout = self.rollout(package, gates)
        trying, fetching, waiting = gates
        for gate in gates:
            gate.offer()
        trying.report(rollout.id, TRYING)
        fetching.report(rollout.id, FETCHING)
        wait_until(lambda: {s for s, _ in self.devices(rollout).values()} == {"TRYING", "DOWNLOADING", "WAITING"})
        self.assertEqual(self.call("CancelRollout", id=rollout.id).state, CANCELLED)
        for gate in (fetching, waiting):
            self.assertEqual(gate.offer().package_size, 0)
            self.assertEqual(self.devices(rollout)[gate.id], ("SKIPPED", "CANCELLED"))
        trying.report(rollout.id, link.PACKAGE_EVENT_DONE)
        wait_until(lambda: self.devices(rollout)[trying.id] == ("DONE", ""))
        self.assertEqual(self.refused(self.call, "CancelRollout", id=rollout.id).reason, "ROLLOUT_ENDED")
        self.assertEqual(self.refused(self.call, "ContinueRollout", id=rollout.id).reason, "ROLLOUT_NOT_STOPPED")


class RequestTest(PackageCase):
    def test_what_cannot_be_asked_for_is_refused_at_its_field(self):
        package, (gate,) = self.upload_new(), self.gates(1)
        for field, reason, request in (
                ("stages", "STAGES_INVALID", dict(stages=[50])),
                ("stages", "STAGES_INVALID", dict(stages=[50, 50, 100])),
                ("stages", "STAGES_INVALID", dict(stages=[0, 100])),
                ("stages", "STAGES_INVALID", dict(stages=[100, 200])),
                ("stop_percent", "OUT_OF_RANGE", dict(stop_percent=101)),
                ("stop_percent", "OUT_OF_RANGE", dict(stop_percent=-1)),
                ("package_id", "PACKAGE_UNKNOWN", dict(package_id=4711)),
                ("device_ids", "DEVICE_UNKNOWN", dict(device_ids=[gate.id, 4711])),
                ("device_ids", "FIELD_REQUIRED", dict(device_ids=[])),
                ("group_id", "TARGETS_CONTRADICT", dict(group_id=1)),
                ("group_id", "GROUP_UNKNOWN", dict(device_ids=[], group_id=4711))):
            error = self.refused(self.call, "CreateRollout",
                                 **{**dict(package_id=package.id, device_ids=[gate.id]), **request})
            self.assertEqual(error.fields, {field: reason}, request)

    def test_a_group_means_all_that_lies_below_it(self):
        package, gates = self.upload_new(), self.gates(2)
        root = self.admin.call("OrgService.ListGroups").groups[0].id
        below = self.admin.call("OrgService.CreateGroup", group=dict(name="Gates", parent_id=root))
        empty = self.admin.call("OrgService.CreateGroup", group=dict(name="Nothing", parent_id=root))
        self.server.sql("UPDATE device SET group_id = %d WHERE id = %d" % (below.id, gates[0].id))
        one = self.call("CreateRollout", package_id=package.id, group_id=below.id)
        self.assertEqual(one.device_count, 1)
        every = self.call("CreateRollout", package_id=package.id, group_id=root)
        self.assertEqual(every.device_count, int(self.server.sql("SELECT count(*) FROM device")[0][0]))
        error = self.refused(self.call, "CreateRollout", package_id=package.id, group_id=empty.id)
        self.assertEqual(error.fields, {"group_id": "NO_DEVICE"})
        listed = self.call("ListRollouts", page_size=1)
        self.assertEqual(listed.rollouts[0].id, every.id)
        self.assertEqual(self.call("ListRollouts", page_size=1, page_token=listed.next_page_token).rollouts[0].id, one.id)
        self.assertEqual(self.call("ListRollouts", page_size=1, skip=1).rollouts[0].id, one.id)

    def test_a_rollouts_terminals_are_listed_by_stage_page_by_page(self):
        package, gates = self.upload_new(), self.gates(3)
        rollout = self.rollout(package, gates, stages=[30, 100])
        whole = [d.device_id for d in self.call("ListRolloutDevices", rollout_id=rollout.id).devices]
        self.assertEqual(sorted(whole), sorted(gate.id for gate in gates))
        last = self.call("ListRolloutDevices", rollout_id=rollout.id, page_size=2, skip=2)
        self.assertEqual([d.device_id for d in last.devices], whole[2:])
        self.assertEqual(last.total_size, 3)


class RealTerminalTest(PackageCase):
    """The agent, launched, installs a package that came by the server."""

    def test_the_real_terminal_is_upgraded_through_the_server(self):
        from upgrade_case import Launched
        next_program = os.path.join(BIN, "smartpass-agent-next")
        folder = os.path.join(self.server.folder, "agent")
        done = subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server", "localhost:%d" % self.server.port,
                               "--username", "admin", "--serial", "REAL", "--name", "Gate", "--data", folder],
                              input=Server.PASSWORD, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.server.sql("UPDATE device SET approved_at = now()")
        self.keys.trust(os.path.join(folder, "package-keys"))
        agent = Launched(os.path.join(BIN, "smartpass-agent"), folder)
        self.addCleanup(agent.close)
        agent.start()
        agent.wait(lambda s: s["link"] == "online")
        device = int(agent.status()["deviceId"])
        with open(next_program, "rb") as file:
            package = self.upload_new("9.8.7", program=file.read())
        rollout = self.call("CreateRollout", package_id=package.id, device_ids=[device])
        wait_until(lambda: self.state(rollout) == ENDED, 60)
        self.assertEqual(self.devices(rollout)[device], ("DONE", ""))
        agent.wait(lambda s: s["link"] == "online" and s["software"]["version"] == "9.8.7" and s["software"]["upgrade"] == "idle")
        shown = self.call("ListRolloutDevices", rollout_id=rollout.id).devices[0]
        self.assertEqual(shown.software_version, "9.8.7")
        agent.stop()


if __name__ == "__main__":
    unittest.main()
