"""The real face engine: photos are worked out on the terminal, and visitors are known again in other pictures."""
import glob

import link_case
from agent_process import Agent
from link_case import LinkCase, main
from link_server import change, pb, photo_fields, types


class Native(LinkCase):
    def start(self, *options):
        self.assertEqual(self.enrol().returncode, 0)
        server = self.serve()
        agent = Agent(link_case.arguments.agent, self.folder, "--server", f"127.0.0.1:{server.port}", "--engine",
                      "other", "--weights", link_case.arguments.weights, *options)
        self.agents.append(agent)
        agent.start().wait(lambda s: s["link"] == "online", 60)
        return server, agent

    def enter(self, server, photos):
        changes = []
        for number, path in enumerate(photos, 1):
            photo, fields = photo_fields(path, "the/servers-engine")
            server.photos[fields["photo_sha256"]] = photo
            changes.append(change(number, number, **fields))
        server.wait_stream().send(people=pb.PeopleChanges(changes=changes, complete=True))
        server.wait(lambda: server.reports, 120, "the outcomes")
        return [o.failure for o in server.reports[-1]]

    def test_people_are_known_again_and_strangers_are_not(self):
        folder = link_case.arguments.photos
        visits = sorted(glob.glob(f"{folder}/person-*-visit.jpg"))[:4]
        server, agent = self.start()
        self.assertEqual(self.enter(server, [v.replace("-visit", "") for v in visits]), [0] * len(visits))
        for number, visit in enumerate(visits, 1):
            answer = agent.see(visit)
            self.assertEqual((answer["result"], answer["person"]["id"]), ("ALLOWED", str(number)), visit)
            self.assertLess(answer["distance"], 0.5)
        self.assertEqual(agent.see(f"{folder}/stranger-01.jpg")["reason"], "STRANGER")
        self.assertEqual(agent.see(f"{folder}/nobody.jpg")["reason"], "NO_FACE")
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0)

    def test_the_threshold_of_pictures_is_laxer_the_higher_it_is(self):
        folder = link_case.arguments.photos
        server, agent = self.start()
        self.assertEqual(self.enter(server, [f"{folder}/person-06.jpg"]), [0])
        visit = f"{folder}/person-06-visit.jpg"  # in poor light
        self.assertEqual(agent.see(visit)["result"], "ALLOWED")
        agent.ask("set test_threshold 5")
        self.assertEqual(agent.see(visit)["reason"], "POOR_PICTURE")
        agent.ask("set test_threshold 100")
        self.assertEqual(agent.see(visit)["result"], "ALLOWED")
        self.assertEqual(agent.status()["lastSeq"], 2)

    def test_a_photo_of_two_people_is_of_no_use(self):
        server, _ = self.start()
        self.assertEqual(self.enter(server, [f"{link_case.arguments.photos}/two-faces.jpg"]),
                         [types.APPLY_FAILURE_BAD_PHOTO])


if __name__ == "__main__":
    main()
