"""The part of the story of test_openapi that brings software to terminals. For a case that has call, refuse and server."""

import os

from package_case import Keys


class PackagesStory:
    def packages(self, device):
        keys = Keys()
        self.addCleanup(keys.close)
        upload = "PackagesService_UploadPackage"
        kind = {"Content-Type": "application/octet-stream"}
        self.refuse(upload, 400, raw=keys.package("1.0.0"), headers=kind)
        keys.trust(os.path.join(self.server.data, "package-keys"))
        data = keys.package("1.0.0", notes="Opens faster.")
        form = (b'--edge\r\nContent-Disposition: form-data; name="file"; filename="agent.package"\r\n'
                b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n--edge--\r\n")
        package = self.call(upload, raw=form, headers={"Content-Type": "multipart/form-data; boundary=edge"})
        self.assertEqual((package["version"], package["notes"], package["keyName"]), ("1.0.0", "Opens faster.", "release"))
        self.assertEqual(self.call(upload, raw=keys.package("1.1.0"), headers=kind)["version"], "1.1.0")
        listed = self.call("PackagesService_ListPackages", query={"query": "faster"})["packages"]
        self.assertEqual([one["id"] for one in listed], [package["id"]])
        self.refuse("PackagesService_ListPackages", 400, query={"pageSize": 1000})
        self.rollouts(package, device)
        self.call("PackagesService_DeletePackage", id=package["id"])
        self.refuse("PackagesService_DeletePackage", 404, "PACKAGE_NOT_FOUND", id=package["id"])

    def rollouts(self, package, device):
        create, cancel = "PackagesService_CreateRollout", "PackagesService_CancelRollout"
        rollout = self.call(create, body={"packageId": package["id"], "deviceIds": [device], "stages": [50, 100]})
        self.assertEqual((rollout["state"], rollout["waitingCount"]), ("ROLLOUT_STATE_RUNNING", 1))
        self.refuse(create, 400, body={"packageId": package["id"], "deviceIds": [device], "stages": [50]})
        self.assertEqual(self.call("PackagesService_ListRollouts")["rollouts"], [rollout])
        self.refuse("PackagesService_ListRollouts", 400, query={"pageToken": "none"})
        self.assertEqual(self.call("PackagesService_GetRollout", id=rollout["id"]), rollout)
        self.refuse("PackagesService_GetRollout", 404, "ROLLOUT_NOT_FOUND", id=7)
        devices = self.call("PackagesService_ListRolloutDevices", rolloutId=rollout["id"])["devices"]
        self.assertEqual([one["deviceId"] for one in devices], [device])
        self.refuse("PackagesService_ListRolloutDevices", 400, rolloutId=rollout["id"], query={"pageSize": -1})
        go_on = "PackagesService_ContinueRollout"
        self.refuse(go_on, 400, "ROLLOUT_NOT_STOPPED", body={}, id=rollout["id"])
        self.server.sql("UPDATE rollout SET state = 2")
        self.assertEqual(self.call(go_on, body={}, id=rollout["id"])["state"], "ROLLOUT_STATE_RUNNING")
        self.refuse("PackagesService_DeletePackage", 400, "PACKAGE_IN_USE", id=package["id"])
        self.assertEqual(self.call(cancel, body={}, id=rollout["id"])["state"], "ROLLOUT_STATE_CANCELLED")
        self.refuse(cancel, 400, "ROLLOUT_ENDED", body={}, id=rollout["id"])
