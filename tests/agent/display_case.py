"""What the tests of the pass display share: plans, and a terminal with people who have pictures."""
import hashlib

from link_case import LinkCase
from link_server import change, pb, setting_changes, template_fields, types

WEI, ANNA, BAD, NOBODY = 100, 200, 300, 0  # who stands there when person1 … person3 are seen; person4 is a stranger
FACES = {WEI: "person1", ANNA: "person2", BAD: "person3", NOBODY: "person4"}


class DisplayCase(LinkCase):
    def bytes_of(self, stem):
        with open(self.picture(stem), "rb") as file:
            return file.read()

    def plan(self, server, version, pictures, owners=None):
        """pictures: [(id, stem or bytes, seconds, strangers)]; owners: person -> id. The server has them from here on."""
        planned = []
        for number, picture, seconds, strangers in pictures:
            data = picture if isinstance(picture, bytes) else self.bytes_of(picture)
            sha256 = hashlib.sha256(data).digest()
            server.displays[sha256] = data
            planned.append(pb.DisplayPicture(id=number, sha256=sha256, size=len(data), seconds=seconds, strangers=strangers))
        numbers = [picture[0] for picture in pictures]
        return pb.DisplayPlan(version=version, pictures=planned, owners=[
            pb.DisplayOwner(person_id=person, picture=numbers.index(number)) for person, number in (owners or {}).items()])

    def send(self, server, plan, stream=None):
        """Sends a plan and waits for its outcome: {id: reason}."""
        before = len(server.display_reports)
        (stream or server.wait_stream()).send(display_plan=plan)
        return self.outcome(server, plan.version, before)

    def outcome(self, server, version, before=0):
        server.wait(lambda: [r for r in server.display_reports[before:] if r.version == version],
                    what=f"the outcome of plan {version}")
        report = [r for r in server.display_reports[before:] if r.version == version][-1]
        return {refusal.id: refusal.reason for refusal in report.refusals}

    def admit(self, server, stream=None):
        (stream or server.wait_stream()).send(people=pb.PeopleChanges(complete=True, changes=[
            change(1, WEI, **template_fields(self.home, "person1")),
            change(2, ANNA, kind=types.PERSON_KIND_VISITOR, **template_fields(self.home, "person2")),
            change(3, BAD, kind=types.PERSON_KIND_BLACKLIST, **template_fields(self.home, "person3"))]))
        server.wait(lambda: server.reports, what="the outcome")

    @staticmethod
    def settle(server, version, **values):
        """Settings that are in force when this returns."""
        before = len(server.settings_reports)
        server.wait_stream().send(setting_changes=setting_changes(version, **values))
        server.wait(lambda: len(server.settings_reports) > before, what="the outcome of settings")

    def ready(self, *options):
        """Online, with Wei, Anna and somebody on the blacklist, and the pass display switched on."""
        server, agent = self.online(*options)
        self.admit(server)
        self.settle(server, 1, pass_display=True)
        return server, agent

    def shown(self, agent, who, *options):
        """Somebody stands there: the id of the picture on the screen, or 0."""
        agent.see(self.picture(FACES[who]), *options)
        return int(agent.status()["display"])
