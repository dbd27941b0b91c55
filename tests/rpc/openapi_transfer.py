"""The part of the story of test_openapi that is about what comes in and goes out in bulk. For a case that has call and
refuse."""

import io
import zipfile

from fixture import photo, wait_until

SHEET = b"Personnel ID,Name,Phone\r\n900,Dan,007\r\n901,,1\r\n"


class TransferStory:
    def ended(self, operation):
        """The operation when it has come to its end."""
        def look():
            shown = self.call("OperationsService_GetOperation", id=operation["id"])
            return shown if shown["done"] else None
        return wait_until(look, 60)

    def upload(self, data, kind):
        return self.call("TransferService_UploadImport", raw=data, headers={"Content-Type": kind})["id"]

    def transfers(self):
        template = self.call("TransferService_DownloadImportTemplate", query={"language": "zh"})
        self.assertTrue(template.startswith(b"PK"))
        self.refuse("TransferService_DownloadImportTemplate", 400, query={"language": "a language of no name"})
        self.refuse("TransferService_UploadImport", 400, raw=photo("person-01.jpg"), headers={"Content-Type": "text/csv"})
        self.sheet()
        self.photos()
        self.exports()

    def sheet(self):
        file, start = self.upload(SHEET, "text/csv"), "TransferService_ImportEmployees"
        preview = self.call("TransferService_PreviewImport", id=file)
        self.assertEqual([column["field"] for column in preview["columns"]], ["number", "name", "phone"])
        self.assertEqual(preview["rows"][1]["problems"][0]["reason"], "FIELD_REQUIRED")
        self.refuse("TransferService_PreviewImport", 404, "TRANSFER_FILE_NOT_FOUND", id=7)
        self.refuse(start, 404, body={}, id=7)
        operation = self.ended(self.call(start, body={"mode": "IMPORT_MODE_OVERWRITE"}, id=file))
        result = operation["result"]
        self.assertEqual((result["added"], result["failed"]), (1, 1))
        problems = self.call("TransferService_ListImportProblems", operationId=operation["id"])["problems"]
        self.assertEqual([(one["row"], one["field"]) for one in problems], [(3, "name")])
        self.refuse("TransferService_ListImportProblems", 404, operationId=7)
        self.assertTrue(self.call("TransferService_DownloadTransferFile", id=result["failedFileId"]).startswith(b"PK"))
        self.refuse("TransferService_DownloadTransferFile", 404, "TRANSFER_FILE_NOT_FOUND", id=7)

    def photos(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("900.jpg", photo("person-03.jpg"))
            files.writestr("nobody.jpg", photo("person-01.jpg"))
        file, start = self.upload(archive.getvalue(), "application/zip"), "TransferService_ImportPhotos"
        result = self.ended(self.call(start, body={}, id=file))["result"]
        self.assertEqual((result["added"], result["failed"]), (1, 1))
        self.refuse(start, 404, body={}, id=7)

    def exports(self):
        for kind, name in (("Employees", "Employee Information"), ("Visitors", "Visitor information"),
                           ("Blacklist", "Blacklist information")):
            start = "TransferService_Export" + kind
            result = self.ended(self.call(start, body={"format": "EXPORT_FORMAT_CSV"}))["result"]
            self.assertEqual(result["fileName"], name + ".csv")
            self.refuse(start, 400, body={"filter": {"groupId": "7"}})
