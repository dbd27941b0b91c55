"""The part of the story of test_openapi that accepts, moves, replaces and removes terminals. For a case that has call, refuse
and server."""

from fixture import Server
from terminal import Terminal


class DevicesStory:
    def enrol(self, serial):
        return str(Terminal(self.server, serial, "admin", Server.PASSWORD, name="Door " + serial).id)

    def trust_in_devices(self):
        """Leaves the terminals as they were before."""
        get, change = "DevicesService_GetDevicePolicy", "DevicesService_UpdateDevicePolicy"
        policy = self.call(get)
        self.refuse(change, 400, "OUT_OF_RANGE", body={**policy, "clockAlarmSeconds": 1})
        self.assertTrue(self.call(change, body={**policy, "approval": True})["approval"])
        broken, spare = self.enrol("broken"), self.enrol("spare")
        waiting = self.call("DevicesService_ListDevices", query={"waiting": "true"})["devices"]
        self.assertEqual([one["id"] for one in waiting], [broken, spare])
        self.call(change, body=policy)

        self.refuse("DevicesService_ApproveDevice", 404, "DEVICE_NOT_FOUND", body={}, id=7)
        self.assertFalse(self.call("DevicesService_ApproveDevice", body={}, id=broken).get("waiting", False))
        self.refuse("DevicesService_RevokeDevice", 404, "DEVICE_NOT_FOUND", body={}, id=7)
        self.assertEqual(self.call("DevicesService_RevokeDevice", body={}, id=broken)["id"], broken)
        replace = "DevicesService_ReplaceDevice"
        self.refuse(replace, 400, "DEVICE_UNKNOWN", body={"byId": "7"}, id=broken)
        self.assertEqual(self.call(replace, body={"byId": spare}, id=broken)["name"], "Door broken")

        move, delete = "DevicesService_BatchMoveDevices", "DevicesService_BatchDeleteDevices"
        self.refuse(move, 400, "GROUP_UNKNOWN", body={"ids": [spare], "groupId": "7"})
        moved = self.call(move, body={"ids": [spare, broken]})["outcomes"]
        self.assertEqual([(one["id"], one.get("reason", "")) for one in moved], [(spare, ""), (broken, "DEVICE_NOT_FOUND")])
        self.refuse(delete, 400, body={"ids": ["1"] * 1001})
        self.assertEqual(self.call(delete, body={"ids": [spare]})["outcomes"][0]["name"], "Door broken")
