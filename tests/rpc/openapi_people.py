"""The part of the story of test_openapi that is about visitors and the blacklist. For a case that has call and refuse."""


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
