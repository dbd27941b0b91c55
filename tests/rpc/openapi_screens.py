"""The part of the story of test_openapi that looks at a terminal's screen. For a case that has call and refuse."""

import base64

from fixture import photo, wait_until
from terminal import PART, link


class ScreensStory:
    def live_screen(self, stream, device):
        watch, get, leave = ("ScreensService_" + name for name in ("WatchScreen", "GetScreen", "LeaveScreen"))
        self.refuse(get, 400, "NOT_WATCHING", deviceId=device)
        self.assertTrue(self.call(watch, body={}, deviceId=device)["online"])
        self.refuse(watch, 404, "DEVICE_NOT_FOUND", body={}, deviceId=7)
        while stream.read("screen").wanted_ms == 0:
            pass
        picture = photo("person-02.jpg")
        for offset in range(0, len(picture), PART):
            stream.send(screen=link.ScreenChunk(frame=1, offset=offset, total=len(picture),
                                                data=picture[offset:offset + PART]))
        shown = wait_until(lambda: (lambda screen: screen if screen.get("picture") else None)(self.call(get, deviceId=device)))
        self.assertEqual(base64.b64decode(shown["picture"]), picture)
        self.assertEqual(self.call(get, deviceId=device, query={"after": shown["frame"]}).get("picture", ""), "")
        self.call(leave, body={}, deviceId=device)
        self.refuse(leave, 404, "DEVICE_NOT_FOUND", body={}, deviceId=7)
