"""The part of the story of test_openapi that tells a terminal what to do at once. For a case that has call and refuse."""


class CommandsStory:
    def commands(self, device):
        move, power, reset = ("CommandsService_" + name for name in ("MoveDoors", "ControlPower", "ResetDevices"))
        given = self.call(move, body={"deviceIds": [device]})
        self.assertEqual(given["commands"][0]["kind"], "COMMAND_KIND_OPEN_DOOR")
        self.refuse(move, 400, "FIELD_REQUIRED", body={})
        self.assertEqual(len(self.call(power, body={"deviceIds": [device], "shutDown": True})["commands"]), 1)
        self.refuse(power, 400, "GROUP_UNKNOWN", body={"groupId": "7"})
        self.refuse(reset, 400, "COUNT_DIFFERS", body={"deviceIds": [device], "confirmCount": 2})
        self.assertEqual(len(self.call(reset, body={"deviceIds": [device], "confirmCount": 1})["commands"]), 1)
        listed = self.call("CommandsService_ListCommands", query={"deviceId": device, "batchId": given["batchId"]})
        self.assertEqual([one["deviceId"] for one in listed["commands"]], [device])
        self.refuse("CommandsService_ListCommands", 400, query={"pageSize": -1})
