"""A photo that shows the face of somebody who is there already: the uploader is warned, as far as he may know."""

import unittest

from fixture import photo
from people_case import PeopleCase


class DuplicatesTest(PeopleCase):
    def upload(self, name, client=None):
        """The photo's id, and [(person, kind, number, name)] of whom it may show."""
        answer = (client or self.admin).upload(photo(name))
        self.assertEqual(sorted(one.distance_milli for one in answer.duplicates), [one.distance_milli for one in answer.duplicates])
        self.assertTrue(all(0 <= one.distance_milli < 600 for one in answer.duplicates))
        return answer.id, [(one.person_id, one.kind, one.number, one.name) for one in answer.duplicates]

    def test_the_same_face_of_people_of_all_kinds_is_told(self):
        first, seen = self.upload("person-03.jpg")
        self.assertEqual(seen, [])
        self.assertEqual(self.upload("person-03.jpg")[1], [], "nobody has the photo yet")
        employee = self.create("employee", number="d1", name="Ann", photo_id=first)
        second, seen = self.upload("person-03-visit.jpg")
        self.assertEqual(seen, [(employee.id, 1, "d1", "Ann")])
        entry = self.create("blacklist_entry", number="d2", name="Eve", photo_id=second)
        self.assertEqual(set(self.upload("person-03.jpg")[1]), {(employee.id, 1, "d1", "Ann"), (entry.id, 3, "d2", "Eve")})
        self.assertEqual(self.upload("person-04.jpg")[1], [])
        # Another photo of his, or none, and he is no duplicate any more.
        self.update("employee", employee, photo_id=0)
        self.assertEqual(self.upload("person-03.jpg")[1], [(entry.id, 3, "d2", "Eve")])
        self.admin.call("BlacklistService.DeleteBlacklistEntry", id=entry.id)
        self.assertEqual(self.upload("person-03.jpg")[1], [])

    def test_of_people_who_are_not_seen_only_the_likeness_is_told(self):
        west, east = self.group("Faces west"), self.group("Faces east")
        visitor = self.create("visitor", number="s1", name="Vic", group_id=west, photo_id=self.upload("person-05.jpg")[0])
        self.create("visitor", number="s2", name="Val", group_id=east, photo_id=self.upload("person-05.jpg")[0])
        self.create("employee", number="s3", name="Eva", group_id=west, photo_id=self.upload("person-05.jpg")[0])
        clerk = self.clerk("faces-clerk", west, "visitors.view", "photos.edit")
        nobody = (0, 0, "", "")
        self.assertEqual(sorted(self.upload("person-05.jpg", client=clerk)[1]), [nobody, nobody, (visitor.id, 2, "s1", "Vic")])

    def test_no_more_than_five_are_told(self):
        for _ in range(6):
            self.create("employee", photo_id=self.upload("person-06.jpg")[0])
        self.assertEqual(len(self.upload("person-06.jpg")[1]), 5)

    def test_another_enterprise_learns_nothing(self):
        self.create("employee", photo_id=self.upload("person-07.jpg")[0])
        code, number = self.server.command("add-enterprise", "--name", "elsewhere")
        self.assertEqual(code, 0, number)
        code, said = self.server.command("add-user", "--username", "stranger", "--enterprise", number.strip(),
                                         "--password-stdin", password="the password of stranger")
        self.assertEqual(code, 0, said)
        client = self.server.public()
        answer = client.call("SessionService.Login", username="stranger", password="the password of stranger")
        self.assertEqual(self.upload("person-07.jpg", client=client.with_token(answer.token))[1], [])


if __name__ == "__main__":
    unittest.main()
