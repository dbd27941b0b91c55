"""The terminal's program replaces itself: with one that works, and with many that do not."""
import os
import time

from link_case import arguments, main
from upgrade_case import DONE, FAILED, FETCHING, MODEL, NEXT_VERSION, PART, TRYING, UpgradeCase


class Upgrade(UpgradeCase):
    def test_the_real_program_replaces_itself_by_another_version(self):
        server, agent = self.online()
        before = agent.status()["software"]
        agent.see(self.picture("person1"))
        server.make_offer(7, NEXT_VERSION, self.package())
        self.assertEqual(server.end_of(7), (DONE, ""))
        after = self.runs(agent, NEXT_VERSION)
        self.assertEqual([before["slot"], after["software"]["slot"]], ["a", "b"])
        self.assertEqual(server.versions, [before["version"], NEXT_VERSION])
        self.assertEqual([event for event, _ in server.reports_of[7]][0], FETCHING)
        self.assertIn((TRYING, ""), server.reports_of[7])
        self.assertEqual(after["lastSeq"], 1, "the store went along")
        agent.wait(lambda s: s["software"]["upgrade"] == "idle")
        agent.stop()
        agent.start()
        self.assertEqual(agent.status()["software"]["version"], NEXT_VERSION)

    def test_it_goes_back_and_forth_between_its_slots(self):
        server, agent = self.online()
        old = agent.status()["software"]["version"]
        server.make_offer(1, NEXT_VERSION, self.package())
        self.assertEqual(server.end_of(1), (DONE, ""))
        server.wait_stream(2)
        server.make_offer(2, old, self.package(old, arguments.agent))
        self.assertEqual(server.end_of(2), (FAILED, "OLDER"))
        server.make_offer(3, old, self.package(old, arguments.agent), force=True)
        self.assertEqual(server.end_of(3), (DONE, ""))
        self.assertEqual(self.runs(agent, old)["software"]["slot"], "a")

    def test_a_cut_download_goes_on_where_it_was(self):
        server, agent = self.online()
        server.cut_at = 10 * PART
        server.make_offer(7, NEXT_VERSION, self.package())
        self.assertEqual(server.end_of(7), (DONE, ""))
        again = server.requests[server.requests.index(10 * PART) + 1]
        self.assertEqual(again, 10 * PART, "it asked for nothing twice but what it did not get")

    def test_a_version_that_ends_at_once_is_rolled_back(self):
        self.rolled_back("exit 1")

    def test_a_version_that_ends_well_at_once_is_rolled_back(self):
        self.rolled_back("exit 0")

    def test_a_version_that_never_shows_that_it_works_is_rolled_back(self):
        self.rolled_back("exec sleep 1000", "--trial", "1")

    def test_what_is_no_program_is_rolled_back(self):
        server, agent = self.online()
        path = f"{self.folder}.noise"
        with open(path, "wb") as out:
            out.write(b"\x7fELF" + os.urandom(100000))
        self.fails(server, agent, self.package(program=path), "ROLLED_BACK")

    def test_a_program_of_another_version_than_it_says_is_rolled_back(self):
        server, agent = self.online()
        server.make_offer(7, "5.0.0", self.package("5.0.0"))
        self.assertEqual(server.end_of(7), (FAILED, "ROLLED_BACK"))
        self.assertEqual(self.runs(agent, agent.status()["software"]["version"])["software"]["slot"], "a")

    def test_a_version_that_cannot_reach_the_server_is_rolled_back(self):
        server, agent = self.online("--trial", "2")
        lost = self.script(f'exec {arguments.next} "$@" --server 127.0.0.1:1')
        server.make_offer(7, NEXT_VERSION, self.package(program=lost))
        agent.wait(lambda s: s["software"]["upgrade"] == "trying")
        self.assertEqual(server.end_of(7, 90), (FAILED, "ROLLED_BACK"))

    def rolled_back(self, text, *options):
        server, agent = self.online(*options)
        self.fails(server, agent, self.package(program=self.script(text)), "ROLLED_BACK")

    def fails(self, server, agent, package, reason, version=NEXT_VERSION):
        before = agent.status()["software"]
        server.make_offer(7, version, package)
        self.assertEqual(server.end_of(7), (FAILED, reason))
        after = self.runs(agent, before["version"])
        self.assertEqual(after["software"]["slot"], before["slot"])
        self.assertFalse(os.path.exists(f"{self.folder}/software/package.part"))

    # ---- What is not even tried

    def test_a_package_that_another_key_signed_is_refused(self):
        server, agent = self.online()
        self.ctl("package", "keygen", "--key", f"{self.folder}.other", "--public-key", f"{self.folder}.other.pem")
        self.fails(server, agent, self.package(key=f"{self.folder}.other"), "SIGNATURE_BAD")

    def test_without_a_key_nothing_is_installed(self):
        server, agent = self.online(trust=False)
        self.fails(server, agent, self.package(), "SIGNATURE_BAD")

    def test_an_altered_program_is_refused(self):
        server, agent = self.online()
        package = bytearray(self.package())
        package[-1] ^= 1
        self.fails(server, agent, bytes(package), "DAMAGED")

    def test_another_package_than_was_offered_is_refused(self):
        server, agent = self.online()
        server.make_offer(7, NEXT_VERSION, self.package(), sha256=b"\0" * 32)
        self.assertEqual(server.end_of(7), (FAILED, "DAMAGED"))

    def test_a_package_for_another_model_is_refused(self):
        server, agent = self.online()
        self.fails(server, agent, self.package(model="Other"), "WRONG_MODEL")

    def test_a_package_for_this_model_is_taken(self):
        server, agent = self.online()
        server.make_offer(7, NEXT_VERSION, self.package(model=MODEL))
        self.assertEqual(server.end_of(7), (DONE, ""))

    def test_a_package_of_another_version_than_was_offered_is_refused(self):
        server, agent = self.online()
        self.fails(server, agent, self.package("1.0.0"), "DAMAGED")

    def test_an_older_version_is_refused(self):
        server, agent = self.online()
        self.fails(server, agent, self.package("0.0.1"), "OLDER", "0.0.1")

    def test_the_version_that_runs_needs_no_upgrade(self):
        server, agent = self.online()
        server.make_offer(7, agent.status()["software"]["version"], self.package())
        self.assertEqual(server.end_of(7), (DONE, ""))
        self.assertEqual(server.requests, [])

    def test_an_offer_that_is_taken_back_is_forgotten(self):
        server, agent = self.online()
        server.mangle = lambda chunk: time.sleep(0.02)
        package = self.package()
        server.make_offer(7, NEXT_VERSION, package)
        agent.wait(lambda s: s["software"]["upgrade"] == "fetching")
        with server.lock:
            server.offer = None
        agent.wait(lambda s: s["software"]["upgrade"] == "idle")
        self.assertFalse(os.path.exists(f"{self.folder}/software/package.part"))
        self.assertEqual(agent.status()["software"]["slot"], "a")

    def test_another_offer_takes_the_place_of_one_that_is_fetched(self):
        server, agent = self.online()
        server.mangle = lambda chunk: time.sleep(0.02)
        package = self.package()
        server.make_offer(7, NEXT_VERSION, package)
        agent.wait(lambda s: s["software"]["upgrade"] == "fetching")
        server.mangle = None
        server.make_offer(8, NEXT_VERSION, package)
        self.assertEqual(server.end_of(8), (DONE, ""))

    def test_parts_that_do_not_fit_are_refused(self):
        server, agent = self.online()

        def longer(chunk):
            chunk.total += 1
        server.mangle = longer
        self.fails(server, agent, self.package(), "DAMAGED")

    def test_without_a_launcher_nothing_can_be_upgraded(self):
        server, agent = self.terminal()
        del self.agents[:]
        agent.log.close()
        alone = self.agent(server.port).start()
        alone.wait(lambda s: s["link"] == "online")
        server.make_offer(7, NEXT_VERSION, self.package())
        self.assertEqual(server.end_of(7), (FAILED, "NO_SLOTS"))
        self.assertFalse(os.path.exists(f"{self.folder}/software"))

    # ---- The launcher

    def test_a_newer_launcher_brings_its_own_version(self):
        server, agent = self.online()
        old = agent.status()["software"]["version"]
        agent.stop()
        agent.program = arguments.next
        agent.options = (*agent.options, "--quiet", "1")
        agent.start()
        self.assertEqual(self.runs(agent, NEXT_VERSION)["software"]["slot"], "b")
        agent.stop()
        agent.program = arguments.agent
        agent.start()
        self.assertEqual(agent.status()["software"]["version"], NEXT_VERSION)
        self.assertNotEqual(old, NEXT_VERSION)

    def test_a_killed_program_comes_back(self):
        server, agent = self.online()
        for process in os.popen(f"pgrep -P {agent.process.pid}").read().split():
            os.kill(int(process), 9)
        server.wait_stream(2)
        self.assertIsNone(agent.process.poll())

    def test_a_program_ends_with_its_launcher(self):
        server, agent = self.online()
        agent.kill()
        agent.start()
        agent.wait(lambda s: s["link"] == "online")

    def test_a_program_that_is_gone_is_put_back(self):
        server, agent = self.online()
        agent.stop()
        with open(f"{self.folder}/software/slot-a/smartpass-agent", "wb") as out:
            out.write(b"damaged")
        agent.start()
        agent.wait(lambda s: s["link"] == "online")


if __name__ == "__main__":
    main()
