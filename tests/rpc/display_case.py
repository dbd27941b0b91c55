"""What the tests of the pass display share: pictures for people at a terminal, and what the terminal says of them."""

import struct
import zlib

from device_case import DeviceCase
from fixture import MODULES
from terminal import link

displays = MODULES["displays"]
WAITING, ON_DEVICE, REFUSED = (getattr(displays, "DISPLAY_STATE_" + name) for name in ("WAITING", "ON_DEVICE", "REFUSED"))
NOBODY = displays.DISPLAY_STATE_UNSPECIFIED


def png(width, height, color=(200, 30, 30), text=b""):
    """A picture of one color, with a comment."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(color) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"tEXt", b"Comment\0" + text) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def size_of(jpeg):
    """(width, height) of a baseline JPEG."""
    at = 2
    while jpeg[at + 1] != 0xc0:
        at += 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
    height, width = struct.unpack(">HH", jpeg[at + 5:at + 9])
    return width, height


class DisplayCase(DeviceCase):
    approval = False  # terminals are accepted as they come

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def setUp(self):
        super().setUp()
        self.gate = self.terminal()

    def create(self, picture=None, client=None, device=None, **fields):
        return (client or self.admin).call("DisplaysService.CreateDisplay", picture=picture or png(32, 24),
                                           display=dict(device_id=(device or self.gate).id, **fields))

    def change(self, display, client=None, picture=b"", **fields):
        values = dict(id=display.id, strangers=display.strangers, person_ids=display.person_ids, seconds=display.seconds)
        return (client or self.admin).call("DisplaysService.UpdateDisplay", picture=picture, display={**values, **fields})

    def delete(self, display, client=None):
        return (client or self.admin).call("DisplaysService.DeleteDisplay", id=display.id)

    def list(self, client=None, device=None):
        return (client or self.admin).call("DisplaysService.ListDisplays", device_id=(device or self.gate).id).displays

    def get(self, display):
        return next(one for one in self.list() if one.id == display.id)

    def picture(self, display, client=None):
        return (client or self.admin).download("DisplaysService.DownloadDisplayPicture", id=display.id)

    def employ(self, name="Ann", **fields):
        number = "N%d" % next(self.numbers)
        return self.admin.call("PeopleService.CreateEmployee", employee=dict(number=number, name=name, **fields))

    def keys(self):
        return int(self.server.sql("SELECT count(*) FROM blob_key WHERE owner LIKE 'display:%'")[0][0])

    # ---- A terminal that speaks through Python

    def plan(self, stream, seconds=20):
        plan = stream.read("display_plan", seconds)
        by_picture = {picture.id: set() for picture in plan.pictures}
        for owner in plan.owners:
            by_picture[plan.pictures[owner.picture].id].add(owner.person_id)
        return plan, by_picture

    def fetch(self, stream, picture):
        data = b""
        while True:
            stream.send(display_request=link.DisplayRequest(id=picture.id, sha256=picture.sha256, offset=len(data)))
            chunk = stream.read("display_chunk")
            self.assertEqual((chunk.id, chunk.offset), (picture.id, len(data)))
            data += chunk.data
            if len(data) >= chunk.total:
                return data

    def report(self, stream, plan, **refusals):
        stream.send(display=link.DisplayReport(version=plan.version, refusals=[
            link.DisplayRefusal(id=int(number[1:]), reason=reason) for number, reason in refusals.items()]))
        self.settled(stream)

    def settled(self, stream):
        """Everything that was sent has been dealt with: the lane works in order, and answers this."""
        stream.send(photo_request=link.PhotoRequest(person_id=1))
        stream.read("photo")

    def untold(self, stream):
        self.settled(stream)
        self.assertNotIn("display_plan", stream.kept())
