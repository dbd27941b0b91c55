"""Each recognition posted to an address: what is posted, and that all of it comes, whatever fails."""
import base64
import json
import os
import subprocess
import sys
import time

from callback_receiver import EXAMPLE, Receiver, example, make_certificate
from link_case import LinkCase, arguments, free_port, main
from link_server import change, now_ms, pb, setting_changes, template_fields, types


class CallbackCase(LinkCase):
    def setUp(self):
        super().setUp()
        self.receivers = []

    def tearDown(self):
        try:
            super().tearDown()
        finally:
            for receiver in self.receivers:
                receiver.stop()
        for receiver in self.receivers:
            self.assertEqual(receiver.problems, [])

    def receiver(self, **options):
        receiver = Receiver(self.authority.certificate, **options)
        self.receivers.append(receiver)
        return receiver

    def settle(self, agent, **values):
        """As somebody at the terminal would."""
        for name, value in values.items():
            self.assertEqual(agent.ask(f'set {name} "{value}"'), {"done": True})

    def switch_on(self, agent, url):
        self.settle(agent, callback_url=url, callback="true")

    def posting(self, *options, receiver=None, **receiver_options):
        """A terminal at a server and a receiver."""
        receiver = receiver or self.receiver(**receiver_options)
        server, agent = self.online(*options)
        self.switch_on(agent, receiver.url())
        return server, agent, receiver

    def admit(self, server, stem="person1"):
        server.wait_stream().send(people=pb.PeopleChanges(
            changes=[change(1, 100, name="Zoë \"Z\" 王", **template_fields(self.home, stem))], complete=True))
        server.wait(lambda: server.reports, what="the outcome")

    def passes(self, agent, count=1):
        for _ in range(count):
            self.assertIn(agent.see(self.picture("person2"))["reason"], ("STRANGER",))

    def calm(self, agent):
        return agent.wait(lambda s: s["callback"]["waiting"] == 0 and s["callback"]["state"] == "idle")

    def events(self, server, name):
        return [line.detail for line in list(server.log_lines) if line.event == name]

    def wait_event(self, server, name, count=1):
        server.wait(lambda: len(self.events(server, name)) >= count, what=name)
        return self.events(server, name)[count - 1]


class Posting(CallbackCase):
    def test_a_pass_is_posted_in_the_words_of_the_contract(self):
        server, agent, receiver = self.posting()
        self.admit(server)
        before = time.time()
        agent.see(self.picture("person1"), "--temp", "36.61", "--card", "C-1")
        record = receiver.wait(1)
        server.wait(lambda: server.records, what="the record")
        [told] = server.records.values()
        occurred = record.pop("occurTime")
        self.assertRegex(occurred, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertAlmostEqual(told.occurred_at_ms / 1000, before, delta=60)
        self.assertEqual(occurred, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(told.occurred_at_ms // 1000)) +
                         f".{told.occurred_at_ms % 1000:03}Z")
        self.assertEqual(record, {
            "storeEpoch": 1, "seq": "1", "deviceId": "77", "deviceName": "Gate", "serialNumber": "SN-1",
            "clockDoubtful": False, "kind": "PERSON_KIND_EMPLOYEE", "personId": "100", "personName": 'Zoë "Z" 王',
            "personNumber": "E100", "cardNumber": "C-1", "result": "PASS_RESULT_ALLOWED",
            "denyReason": "DENY_REASON_UNSPECIFIED", "authorised": True, "state": "PASS_STATE_NORMAL",
            "temperatureCenti": 3661, "thresholdCenti": 3730, "hasSnapshot": True,
            "snapshotSha256": base64.b64encode(told.snapshot_sha256).decode()})
        self.assertEqual(receiver.heads[0]["Content-Type"], "application/json")
        self.assertRegex(receiver.heads[0]["User-Agent"], r"^smartpass-agent/\d")
        self.assertEqual(receiver.paths, ["/passes"])

    def test_whoever_is_refused_is_posted_too(self):
        _, agent, receiver = self.posting()
        agent.see(self.picture("person2"), "--temp", "39.0")
        record = receiver.wait(1)
        self.assertEqual((record["kind"], record["personId"], record["personName"], record["result"],
                          record["denyReason"], record["state"], record["authorised"]),
                         ("PERSON_KIND_STRANGER", "0", "", "PASS_RESULT_DENIED", "DENY_REASON_STRANGER",
                          "PASS_STATE_ABNORMAL_TEMPERATURE", False))

    def test_many_are_posted_in_order_on_one_connection(self):
        _, agent, receiver = self.posting()
        self.passes(agent, 40)
        receiver.wait(40)
        self.calm(agent)
        self.assertEqual(receiver.seqs(), list(range(1, 41)))
        self.assertEqual(len(receiver.connections), 1)

    def test_privacy_is_kept(self):
        _, agent, receiver = self.posting()
        self.settle(agent, temperature_kept="false", photo_kept="false")
        agent.see(self.picture("person2"), "--temp", "36.61")
        record = receiver.wait(1)
        self.assertEqual((record["temperatureCenti"], record["hasSnapshot"], record["snapshotSha256"]), (0, False, ""))

    def test_what_waited_is_as_private_as_the_settings_are_now(self):
        receiver = self.receiver()
        _, agent = self.online()
        self.switch_on(agent, f"http://127.0.0.1:{free_port()}/")
        agent.see(self.picture("person2"), "--temp", "36.61")
        self.settle(agent, temperature_kept="false", photo_kept="false", callback_url=receiver.url())
        record = receiver.wait(1)
        self.assertEqual((record["temperatureCenti"], record["hasSnapshot"], record["snapshotSha256"]), (0, False, ""))

    def test_strangers_who_leave_no_record_are_not_posted(self):
        _, agent, receiver = self.posting()
        self.settle(agent, stranger_record="false")
        self.passes(agent, 3)
        self.settle(agent, stranger_record="true")
        self.passes(agent, 1)
        receiver.wait(1)
        self.calm(agent)
        self.assertEqual(receiver.seqs(), [1])

    def test_it_begins_with_the_next_recognition_whenever_it_is_switched_on(self):
        receiver = self.receiver()
        _, agent = self.online()
        self.passes(agent, 3)
        self.switch_on(agent, receiver.url())
        self.passes(agent, 1)
        receiver.wait(1)
        self.settle(agent, callback="false")
        self.passes(agent, 2)
        self.assertEqual(agent.status()["callback"]["state"], "off")
        self.settle(agent, callback="true")
        self.passes(agent, 1)
        receiver.wait(2)
        self.calm(agent)
        self.assertEqual(receiver.seqs(), [4, 7])

    def test_without_an_address_nothing_is_posted(self):
        _, agent = self.online()
        self.settle(agent, callback="true")
        self.passes(agent, 1)
        self.assertEqual(agent.status()["callback"], {"state": "off", "waiting": 0, "refused": 0, "givenUp": 0})

    def test_the_server_can_switch_it_on(self):
        receiver = self.receiver()
        server, agent = self.online()
        server.wait_stream().send(setting_changes=setting_changes(2, callback=1, callback_url=receiver.url()))
        agent.wait(lambda s: s["callback"]["state"] == "idle")
        self.passes(agent, 1)
        receiver.wait(1)

    def test_a_name_and_a_password_in_the_address_are_shown_to_the_receiver_alone(self):
        receiver = self.receiver()
        server, agent = self.online()
        self.switch_on(agent, f"http://gate:s3cret-word@127.0.0.1:{receiver.port}/in?from=1")
        self.passes(agent, 1)
        receiver.wait(1)
        self.assertEqual(receiver.heads[0]["Authorization"],
                         "Basic " + base64.b64encode(b"gate:s3cret-word").decode())
        self.assertEqual(receiver.paths, ["/in?from=1"])
        receiver.answer = lambda handler, record: handler.reply(500)
        self.passes(agent, 1)
        self.wait_event(server, "CALLBACK_FAILING")
        self.assertNotIn("s3cret", repr(server.log_lines))
        agent.stop()
        with open(agent.log.name, encoding="utf-8") as log:
            self.assertNotIn("s3cret", log.read())


class Signatures(CallbackCase):
    def test_no_other_bytes_and_no_other_terminal_pass_the_documented_check(self):
        _, agent, receiver = self.posting()
        self.passes(agent, 1)
        receiver.wait(1)
        body, header = receiver.bodies[0], receiver.heads[0]["Smartpass-Signature"]

        def refused(body=body, header=header, authority=receiver.authority, enterprise=5):
            with self.assertRaises(example.Refused):
                example.verify(body, header, authority, enterprise)

        self.assertEqual(example.verify(body, header, receiver.authority, 5)["seq"], "1")
        refused(body=body.replace(b'"seq":"1"', b'"seq":"2"'))
        refused(body=body + b"\n")
        refused(header=None)
        refused(header=header[:-8] + "AAAAAAAA")
        refused(header=header.replace("..", "." + base64.urlsafe_b64encode(body).decode().rstrip("=") + "."))
        refused(enterprise=6)
        os.mkdir(f"{self.folder}/other")
        other = type(self.authority)(f"{self.folder}/other", name="another authority")
        refused(authority=example.x509.load_pem_x509_certificate(other.pem()))

    def test_openssl_and_nothing_of_ours_verifies_it(self):
        _, agent, receiver = self.posting()
        self.passes(agent, 1)
        receiver.wait(1)
        head, _, signature = receiver.heads[0]["Smartpass-Signature"].split(".")
        facts = json.loads(example.base64url(head))
        paths = {name: f"{self.folder}/{name}" for name in ("cert.der", "key.pem", "signed", "signature")}
        raw = example.base64url(signature)
        pair = example.utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        content = base64.urlsafe_b64encode(receiver.bodies[0]).rstrip(b"=")
        for name, data in (("cert.der", base64.b64decode(facts["x5c"][0])), ("signature", pair),
                           ("signed", head.encode() + b"." + content)):
            with open(paths[name], "wb") as file:
                file.write(data)
        subprocess.run(["openssl", "verify", "-CAfile", self.authority.certificate, paths["cert.der"]], check=True,
                       capture_output=True)
        key = subprocess.run(["openssl", "x509", "-inform", "DER", "-in", paths["cert.der"], "-pubkey", "-noout"],
                             check=True, capture_output=True).stdout
        with open(f"{self.folder}/public.pem", "wb") as file:
            file.write(key)
        subprocess.run(["openssl", "dgst", "-sha256", "-verify", f"{self.folder}/public.pem", "-signature",
                        paths["signature"], paths["signed"]], check=True, capture_output=True)

    def test_the_documented_receiver_takes_it(self):
        program = subprocess.Popen([sys.executable, EXAMPLE, "--authority", self.authority.certificate, "--enterprise",
                                    "5", "--port", "0"], stdout=subprocess.PIPE, text=True)
        try:
            port = int(program.stdout.readline().split()[-1])
            _, agent = self.online()
            self.switch_on(agent, f"http://127.0.0.1:{port}/")
            self.passes(agent, 2)
            self.assertEqual([json.loads(program.stdout.readline())["seq"] for _ in range(2)], ["1", "2"])
            self.calm(agent)
        finally:
            program.kill()
            program.wait()
            program.stdout.close()


class Trouble(CallbackCase):
    def test_nobody_listens_and_everything_comes_when_somebody_does(self):
        port = free_port()
        server, agent = self.online()
        self.switch_on(agent, f"http://127.0.0.1:{port}/passes")
        self.passes(agent, 5)
        self.assertRegex(self.wait_event(server, "CALLBACK_FAILING"), "(?i)connect")
        self.assertEqual(agent.wait(lambda s: s["callback"]["state"] == "waiting")["callback"]["waiting"], 5)
        receiver = self.receiver(port=port)
        receiver.wait(5, 60)
        self.calm(agent)
        self.wait_event(server, "CALLBACK_WORKS")
        self.assertEqual(receiver.seqs(), [1, 2, 3, 4, 5])
        self.assertEqual((len(self.events(server, "CALLBACK_FAILING")), len(self.events(server, "CALLBACK_WORKS"))),
                         (1, 1))

    def test_what_fails_is_tried_again_and_what_follows_waits(self):
        server, agent, receiver = self.posting()
        answers = [503, 404, 302, 200]
        receiver.answer = lambda handler, record: handler.reply(answers.pop(0) if answers else 204,
                                                               Location=receiver.url(path="/elsewhere"))
        self.passes(agent, 3)
        receiver.wait(6, 60)
        self.calm(agent)
        self.assertEqual(receiver.seqs(), [1, 1, 1, 1, 2, 3])
        self.assertEqual((set(receiver.paths), receiver.gets), ({"/passes"}, []))
        self.assertEqual(self.wait_event(server, "CALLBACK_FAILING"), "HTTP 503")

    def test_what_is_refused_is_passed_over_and_said(self):
        server, agent, receiver = self.posting()
        statuses = {"2": 400, "3": 422, "4": 413}
        receiver.answer = lambda handler, record: handler.reply(statuses.get(record["seq"], 204))
        self.passes(agent, 5)
        receiver.wait(5)
        self.calm(agent)
        self.assertEqual(receiver.seqs(), [1, 2, 3, 4, 5])
        self.assertEqual(agent.status()["callback"]["refused"], 3)
        self.assertEqual(self.wait_event(server, "CALLBACK_REFUSED"), "HTTP 400")
        self.wait_event(server, "CALLBACK_WORKS")
        self.assertEqual(self.events(server, "CALLBACK_FAILING"), [])

    def test_a_receiver_that_asks_for_time_gets_it(self):
        _, agent, receiver = self.posting()
        times = []

        def answer(handler, record):
            times.append(time.monotonic())
            handler.reply(429 if len(times) == 1 else 204, Retry_After="4")
        receiver.answer = answer
        self.passes(agent, 1)
        receiver.wait(2)
        self.assertGreaterEqual(times[1] - times[0], 3.9)

    def test_a_receiver_that_hangs_holds_nothing_up(self):
        server, agent, receiver = self.posting()
        hung = []

        def answer(handler, record):
            if not hung:
                hung.append(time.monotonic())
                time.sleep(14)
            handler.reply(204)
        receiver.answer = answer
        self.passes(agent, 1)
        receiver.wait(1)
        took = [agent.see(self.picture("person2"))["milliseconds"] for _ in range(10)]
        self.assertLess(max(took), 1000)
        server.wait(lambda: len(server.records) == 11, what="the records")
        self.assertIn("imeout", self.wait_event(server, "CALLBACK_FAILING"))
        self.assertAlmostEqual(time.monotonic() - hung[0], 10, delta=3)
        receiver.wait(12, 60)
        self.assertEqual(receiver.seqs(), [1, *range(1, 12)])

    def test_a_name_server_that_is_silent_holds_nothing_up(self):
        if not arguments.preload:
            self.skipTest("nothing can be preloaded")
        server, agent = self.online(wrapper=["env", f"LD_PRELOAD={arguments.preload}"])
        self.switch_on(agent, "http://receiver.example/")
        began = time.monotonic()
        took = [agent.see(self.picture("person2"))["milliseconds"] for _ in range(5)]
        self.assertRegex(self.wait_event(server, "CALLBACK_FAILING"), "(?i)time")
        self.assertAlmostEqual(time.monotonic() - began, 10, delta=3)
        took += [agent.see(self.picture("person2"))["milliseconds"] for _ in range(5)]
        self.assertLess(max(took), 1000)
        agent.wait(lambda s: s["callback"]["state"] == "posting", 60)
        self.settle(agent, callback_url="http://another.example/")
        self.settle(agent, callback="false")
        self.settle(agent, callback="true")
        self.passes(agent, 1)
        agent.wait(lambda s: s["callback"]["state"] == "posting")
        began = time.monotonic()
        agent.stop()
        self.assertLess(time.monotonic() - began, 5)

    def test_endless_answers_end(self):
        _, agent, receiver = self.posting()
        sent = []

        def pour(handler, piece):
            sent.append(0)
            handler.close_connection = True
            for _ in range(64):  # MiB
                handler.wfile.write(piece * 1024)
                sent[-1] += 1

        def endless_head(handler, record):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            pour(handler, b"X-Filler: " + b"x" * 1012 + b"\r\n")

        def endless_body(handler, record):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            pour(handler, b"3f8\r\n" + b"x" * 0x3f8 + b"\r\n")

        def nonsense(handler, record):
            handler.wfile.write(b"\x00\xff what is this\r\n\r\n")
            handler.close_connection = True
        answers = [nonsense, endless_head, endless_body]
        receiver.answer = lambda handler, record: answers.pop(0)(handler, record) if answers else handler.reply(204)
        self.passes(agent, 4)
        agent.wait(lambda s: s["callback"]["waiting"] == 0, 60)
        self.assertEqual(receiver.seqs(), [1, 1, 2, 3, 4])
        self.assertEqual(len(sent), 2)
        self.assertLess(max(sent), 32)

    def test_an_answer_that_never_ends_is_one_all_the_same(self):
        _, agent, receiver = self.posting()

        def drip(handler, record):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            handler.close_connection = True
            for _ in range(20):
                handler.wfile.write(b"x")
                time.sleep(1)
        receiver.answer = lambda handler, record: drip(handler, record) if record["seq"] == "1" else handler.reply(204)
        self.passes(agent, 2)
        agent.wait(lambda s: s["callback"]["waiting"] == 0, 30)
        self.assertEqual(receiver.seqs(), [1, 2])

    def test_it_sleeps_when_nothing_is_to_be_done(self):
        _, agent, receiver = self.posting()

        def worked():
            """Hundredths of a second in the next two."""
            spent = []
            for _ in range(2):
                with open(f"/proc/{agent.process.pid}/stat", encoding="ascii") as stat:
                    spent.append(sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])))
                time.sleep(2)
            return spent[1] - spent[0]
        self.passes(agent, 3)
        self.calm(agent)
        self.assertLess(worked(), 20)
        receiver.answer = lambda handler, record: time.sleep(5)
        self.passes(agent, 1)
        self.assertLess(worked(), 20)
        agent.ask("cut on")
        self.assertLess(worked(), 20)

    def test_another_address_gets_what_waits(self):
        receiver = self.receiver()
        _, agent = self.online()
        self.switch_on(agent, f"http://127.0.0.1:{free_port()}/")
        self.passes(agent, 3)
        self.settle(agent, callback_url=receiver.url())
        receiver.wait(3)
        self.assertEqual(receiver.seqs(), [1, 2, 3])

    def test_without_a_network_nothing_is_tried_and_with_it_at_once(self):
        _, agent, receiver = self.posting()
        agent.ask("cut on")
        self.passes(agent, 3)
        time.sleep(0.5)
        self.assertEqual(receiver.records, [])
        agent.ask("cut off")
        receiver.wait(3, 5)

    def test_a_terminal_that_was_killed_posts_what_waited(self):
        port = free_port()
        _, agent = self.online()
        self.switch_on(agent, f"http://127.0.0.1:{port}/passes")
        self.passes(agent, 4)
        agent.kill()
        receiver = self.receiver(port=port)
        agent.start()
        receiver.wait(4, 60)
        self.calm(agent)
        self.assertEqual(receiver.seqs(), [1, 2, 3, 4])
        time.sleep(6)  # until it is on the disk
        agent.kill()
        agent.start()
        self.passes(agent, 1)
        receiver.wait(5)
        self.assertEqual(receiver.seqs(), [1, 2, 3, 4, 5])

    def test_a_terminal_killed_at_any_moment_loses_none(self):
        _, agent, receiver = self.posting()
        for turn in range(6):
            self.passes(agent, 5)
            time.sleep(turn * 0.01)
            agent.kill()
            agent.start()
        receiver.wait(30, 60)
        self.calm(agent)
        self.assertEqual(sorted(set(receiver.seqs())), list(range(1, 31)))
        firsts = list(dict.fromkeys(receiver.seqs()))
        self.assertEqual(firsts, sorted(firsts))

    def test_a_clean_end_repeats_nothing(self):
        _, agent, receiver = self.posting()
        self.passes(agent, 5)
        receiver.wait(5)
        self.calm(agent)
        agent.stop()
        agent.start()
        self.passes(agent, 1)
        receiver.wait(6)
        self.assertEqual(receiver.seqs(), [1, 2, 3, 4, 5, 6])

    def test_a_wipe_forgets_what_waited(self):
        server, agent = self.online()
        self.switch_on(agent, f"http://127.0.0.1:{free_port()}/")
        self.passes(agent, 3)
        server.wait_stream().send(wipe=pb.Wipe(reason="deleted"))
        status = agent.wait(lambda s: s["link"] == "not enrolled")
        self.assertEqual((status["callback"]["state"], status["callback"]["waiting"]), ("off", 0))


    def test_a_reset_forgets_what_waited_and_begins_anew(self):
        server, agent = self.online()
        self.switch_on(agent, f"http://127.0.0.1:{free_port()}/")
        self.passes(agent, 3)
        server.wait(lambda: len(server.records) == 3, what="the records")
        server.wait_stream().send(command=pb.CommandOrder(id=1, kind=types.COMMAND_KIND_RESET, left_ms=30000,
                                                          not_after_ms=now_ms() + 30000))
        status = agent.wait(lambda s: s["epoch"] == 2 and s["link"] == "online")
        self.assertEqual((status["callback"]["state"], status["callback"]["waiting"]), ("off", 0))
        receiver = self.receiver()
        self.switch_on(agent, receiver.url())
        self.passes(agent, 1)
        record = receiver.wait(1)
        self.assertEqual((record["storeEpoch"], record["seq"]), (2, "1"))

    def test_another_epoch_gives_up_what_the_server_has(self):
        server, agent = self.online()
        self.switch_on(agent, f"http://127.0.0.1:{free_port()}/")
        self.passes(agent, 3)
        agent.wait(lambda s: s["unsentRecords"] == 0)
        agent.ask("cut on")
        self.passes(agent, 2)
        server.acked_override = {1: 50}
        agent.ask("cut off")
        agent.wait(lambda s: s["epoch"] == 2 and s["link"] == "online")
        receiver = self.receiver()
        self.settle(agent, callback_url=receiver.url())
        receiver.wait(2)
        self.calm(agent)
        self.assertEqual([(r["storeEpoch"], r["seq"]) for r in receiver.records], [(2, "4"), (2, "5")])
        self.assertEqual(self.wait_event(server, "CALLBACK_GAVE_UP"), "3 records")


class Https(CallbackCase):
    def setUp(self):
        super().setUp()
        self.pair = make_certificate(self.folder)

    def test_a_receiver_is_believed_that_the_machine_trusts(self):
        _, agent, receiver = self.posting("--trust", self.pair[0], receiver=self.receiver(pair=self.pair))
        self.passes(agent, 3)
        receiver.wait(3)
        self.assertEqual(receiver.seqs(), [1, 2, 3])

    def test_a_folder_of_certificates_does_as_well(self):
        folder = f"{self.folder}/certificates"
        os.mkdir(folder)
        os.symlink(self.pair[0], f"{folder}/one.pem")
        subprocess.run(["openssl", "rehash", folder], check=True, capture_output=True)
        _, agent, receiver = self.posting("--trust", folder, receiver=self.receiver(pair=self.pair))
        self.passes(agent, 1)
        receiver.wait(1)

    def refuses(self, receiver, host, *options):
        server, agent = self.online(*options)
        self.switch_on(agent, receiver.url(host))
        self.passes(agent, 1)
        detail = self.wait_event(server, "CALLBACK_FAILING")
        self.assertEqual((receiver.records, agent.status()["callback"]["waiting"]), ([], 1))
        return detail

    def test_a_receiver_whom_nobody_vouches_for_gets_nothing(self):
        self.assertRegex(self.refuses(self.receiver(pair=self.pair), "127.0.0.1"), "(?i)certificate")

    def test_a_receiver_with_another_name_gets_nothing(self):
        pair = make_certificate(self.folder, "elsewhere", "DNS:elsewhere.example")
        detail = self.refuses(self.receiver(pair=pair), "127.0.0.1", "--trust", pair[0])
        self.assertRegex(detail, "(?i)certificate|peer")

    def test_the_terminals_own_authority_vouches_for_no_receiver(self):
        key, chain = self.authority.server_pair()
        pair = f"{self.folder}/ours.crt", f"{self.folder}/ours.key"
        for path, data in zip(pair, (chain, key)):
            with open(path, "wb") as file:
                file.write(data)
        self.refuses(self.receiver(pair=pair), "localhost")


if __name__ == "__main__":
    main()
