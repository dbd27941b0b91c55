"""The part of the story of test_openapi that is about visitors and the blacklist, and about erasing. For a case that has call and refuse."""

from fixture import wait_until


class PeopleStory:
    def visitors(self, host):
        create, get = "VisitorsService_CreateVisitor", "VisitorsService_GetVisitor"
        self.refuse(create, 400, "DATE_INVALID", body={"number": "1", "name": "Ben", "birthDate": "1.1.2000"})
        visitor = self.call(create, body={"number": "1", "name": "Ben", "hostId": host, "company": "ACME",
                                          "gender": "GENDER_MALE", "birthDate": "2000-01-01"})
        self.assertEqual(self.call(get, id=visitor["id"]), visitor)
        self.assertEqual(visitor["hostName"], "Zoë 王")
        self.refuse(get, 404, "VISITOR_NOT_FOUND", id=7)
        changed = self.call("VisitorsService_UpdateVisitor", body={**visitor, "purpose": "audit"}, id=visitor["id"])
        self.assertEqual(changed["purpose"], "audit")
        found = self.call("VisitorsService_ListVisitors", query={"query": "ben", "photo": "PHOTO_FILTER_WITHOUT"})
        self.assertEqual([one["id"] for one in found["visitors"]], [visitor["id"]])
        self.refuse("VisitorsService_ListVisitors", 400, query={"pageSize": 101})
        return visitor["id"]

    def blacklist(self):
        create, get = "BlacklistService_CreateBlacklistEntry", "BlacklistService_GetBlacklistEntry"
        self.refuse(create, 400, body={"number": "", "name": ""})
        entry = self.call(create, body={"number": "1", "name": "Cid", "identityNumber": "X1"})
        self.assertEqual(self.call(get, id=entry["id"]), entry)
        self.refuse(get, 404, "BLACKLIST_ENTRY_NOT_FOUND", id=7)
        update = "BlacklistService_UpdateBlacklistEntry"
        self.assertEqual(self.call(update, body={**entry, "birthplace": "Paris"}, id=entry["id"])["birthplace"], "Paris")
        found = self.call("BlacklistService_ListBlacklistEntries", query={"query": "X1"})
        self.assertEqual([one["id"] for one in found["blacklistEntries"]], [entry["id"]])
        self.refuse("BlacklistService_ListBlacklistEntries", 400, query={"skip": -1})
        return entry["id"]

    def erasures(self, employee, visitor, entry):
        get = "PeopleService_GetErasure"
        for method, reason, number in (("PeopleService_DeleteEmployee", "EMPLOYEE_NOT_FOUND", employee),
                                       ("VisitorsService_DeleteVisitor", "VISITOR_NOT_FOUND", visitor),
                                       ("BlacklistService_DeleteBlacklistEntry", "BLACKLIST_ENTRY_NOT_FOUND", entry)):
            receipt = self.call(method, id=number)
            self.assertEqual((receipt["id"], receipt["operator"]), (number, "admin"))
            self.assertEqual(self.call(get, id=number)["name"], receipt["name"])
            self.refuse(method, 404, reason, id=number)
        self.refuse(get, 404, "ERASURE_NOT_FOUND", id=7)
        found = self.call("PeopleService_ListErasures", query={"pageSize": 2})
        self.assertEqual(([one["id"] for one in found["erasures"]], found["totalSize"]), ([entry, visitor], 3))
        self.refuse("PeopleService_ListErasures", 400, query={"pageSize": 101})
        for method in ("PeopleService_BatchDeleteEmployees", "VisitorsService_BatchDeleteVisitors",
                       "BlacklistService_BatchDeleteBlacklistEntries"):
            self.refuse(method, 400, body={"ids": []})
            number = self.call(method, body={"ids": ["7"]})["id"]
            done = wait_until(lambda: (lambda shown: shown if shown["done"] else None)(
                self.call("OperationsService_GetOperation", id=number)))
            self.assertEqual((done["failures"], done["result"]["failed"]), ("1", 1))
            self.call("OperationsService_DeleteOperation", id=number)
