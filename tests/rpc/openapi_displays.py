"""The part of the story of test_openapi that gives a terminal pictures to show. For a case that has call, refuse and server."""

import base64

from fixture import photo


class DisplaysStory:
    def displays(self, device, person):
        create, change, delete = ("DisplaysService_%sDisplay" % verb for verb in ("Create", "Update", "Delete"))
        picture = base64.b64encode(photo("person-04.jpg")).decode()
        made = self.call(create, body={"display": {"personIds": [person], "seconds": 7}, "picture": picture}, deviceId=device)
        self.assertEqual((made["state"], made["people"][0]["personId"], made["peopleCount"]), ("DISPLAY_STATE_WAITING", person, 1))
        self.refuse(create, 400, "NOBODY_CHOSEN", body={"display": {}, "picture": picture}, deviceId=device)
        self.refuse(create, 400, "NOT_AN_IMAGE", body={"display": {"strangers": True}, "picture": "aGVsbG8="},
                    deviceId=device)
        # What was answered may be sent back as it is.
        self.assertEqual(self.call(change, body={"display": {**made, "seconds": 9}}, id=made["id"])["seconds"], 9)
        self.refuse(change, 400, "OUT_OF_RANGE", body={"display": {"strangers": True, "seconds": 61}}, id=made["id"])
        listed = self.call("DisplaysService_ListDisplays", deviceId=device)["displays"]
        self.assertEqual([one["id"] for one in listed], [made["id"]])
        self.refuse("DisplaysService_ListDisplays", 404, "DEVICE_NOT_FOUND", deviceId=7)
        download = "DisplaysService_DownloadDisplayPicture"
        self.assertTrue(self.call(download, id=made["id"]).startswith(b"\xff\xd8\xff"))
        self.call(download, id=made["id"], query={"pictureVersion": made["pictureVersion"]})
        self.refuse(download, 404, "DISPLAY_NOT_FOUND", id=7)
        self.call(delete, id=made["id"])
        self.refuse(delete, 404, "DISPLAY_NOT_FOUND", id=made["id"])
