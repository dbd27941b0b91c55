"""The part of the story of test_openapi that takes people in and gives lists out in bulk. For a case that has call, refuse and
server."""

import io
import zipfile

from fixture import photo, wait_until


class TransferStory:
    def ended(self, operation):
        return wait_until(lambda: (lambda shown: shown if shown["done"] else None)(
            self.call("OperationsService_GetOperation", id=operation["id"])), 60)

    def upload(self, data, name):
        form = (b'--edge\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % name.encode() + data +
                b"\r\n--edge--\r\n")
        made = self.call("TransferService_UploadImport", raw=form, headers={"Content-Type": "multipart/form-data; boundary=edge"})
        self.assertEqual(made["name"], name)
        return made["id"]

    def imports(self):
        preview, run = "TransferService_PreviewImport", "TransferService_ImportEmployees"
        self.assertEqual(self.call("TransferService_DownloadImportTemplate", query={"language": "zh"})[:2], b"PK")
        self.refuse("TransferService_DownloadImportTemplate", 400, query={"language": "a language"})
        self.refuse("TransferService_UploadImport", 400, "FILE_KIND_UNKNOWN", raw=b"\0", headers={"Content-Type": "text/csv"})
        sheet = self.upload("Personnel ID,Name,Gender\n0815,Bob,男\n4711,,\n".encode(), "员工.csv")
        shown = self.call(preview, id=sheet)
        self.assertEqual((shown["total"], shown["rows"][1]["problems"][0]["reason"]), (2, "FIELD_REQUIRED"))
        self.refuse(preview, 404, id=7)
        self.refuse(run, 400, body={"groupId": "7"}, id=sheet)
        operation = self.ended(self.call(run, body={"mode": "IMPORT_MODE_KEEP"}, id=sheet))
        result = operation["result"]
        self.assertEqual((result["added"], result["failed"]), (1, 1))
        found = self.call("TransferService_ListImportProblems", operationId=operation["id"])
        self.assertEqual(found["problems"][0]["column"], "Name")
        self.refuse("TransferService_ListImportProblems", 404, operationId=7)
        self.assertEqual(self.call("TransferService_DownloadTransferFile", id=result["failedFileId"])[:2], b"PK")
        self.refuse("TransferService_DownloadTransferFile", 404, id=7)
        self.photos()

    def photos(self):
        room = io.BytesIO()
        with zipfile.ZipFile(room, "w") as archive:
            archive.writestr("0815.jpg", photo("person-03.jpg"))
        pictures = self.upload(room.getvalue(), "photos.zip")
        result = self.ended(self.call("TransferService_ImportPhotos", body={}, id=pictures))["result"]
        self.assertEqual(result["added"] + result["updated"], 1)
        self.refuse("TransferService_ImportPhotos", 404, body={}, id=7)

    def exports(self):
        for kind, name in (("Employees", "Employee Information.xlsx"), ("Visitors", "Visitor information.xlsx"),
                           ("Blacklist", "Blacklist information.xlsx")):
            method = "TransferService_Export" + kind
            result = self.ended(self.call(method, body={"format": "EXPORT_FORMAT_XLSX"}))["result"]
            self.assertEqual(result["fileName"], name)
            self.refuse(method, 400, body={"filter": {"groupId": "7"}})
