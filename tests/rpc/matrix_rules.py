"""Which answer each cell of the matrix must get. All rules stand here; a method that is not named follows the general one."""

from collections import namedtuple

from contract import POLICIES, caller, is_list
from fixture import METHODS
from matrix_world import ENTERPRISE_WIDE, KINDS, PERSONAL

COLUMNS = ("no session", "expired session", "other enterprise", "sibling group", "role without the permission",
           "role with it")

# Who calls, and the code and reason of the door; an empty code: the door is open.
Door = namedtuple("Door", "user code reason")


def _open(user):
    return Door(user, "", "")


def _denied(user):
    return Door(user, "PERMISSION_DENIED", "PERMISSION_MISSING")


def _no_certificate(user):
    return Door(user, "UNAUTHENTICATED", "CERTIFICATE_MISSING")


_MISSING = Door("nobody", "UNAUTHENTICATED", "SESSION_MISSING")
_EXPIRED = Door("expired", "UNAUTHENTICATED", "SESSION_EXPIRED")

# By who may call, one for each column. "other" administers another enterprise, "a" the group beside the objects' group b,
# "root" the whole enterprise; "empty", "full", "only" and "not" (a permission) are users of b with a role.
DOORS = {
    "CALLER_ANYONE": (_open("nobody"), _open("expired"), _open("other"), _open("a"), _open("empty"), _open("full")),
    "CALLER_SIGNED_IN": (_MISSING, _EXPIRED, _open("other"), _open("a"), _open("empty"), _open("full")),
    "CALLER_PERMITTED": (_MISSING, _EXPIRED, _open("other"), _open("a"), _denied("not"), _open("only")),
    "CALLER_SUPER": (_MISSING, _EXPIRED, _denied("other"), _denied("a"), _denied("root"), _open("super")),
    "CALLER_ENTERPRISE_ADMIN": (_MISSING, _EXPIRED, _open("other"), _denied("a"), _denied("b"), _open("root")),
    # The other enterprise and the sibling of a terminal are users: no session makes a terminal of anybody.
    "CALLER_TERMINAL": (_no_certificate("nobody"), Door("expired terminal", "UNAUTHENTICATED", "CERTIFICATE_IS_EXPIRED"),
                        _no_certificate("other"), _no_certificate("a"), _no_certificate("full"), _open("terminal")),
    "CALLER_FORMER_TERMINAL": (_no_certificate("nobody"), _open("expired terminal"), _no_certificate("other"),
                               _no_certificate("a"), _no_certificate("full"), _open("terminal")),
}

# What somebody of the column must not see of the objects in b.
HIDDEN = {"other enterprise": KINDS, "sibling group": KINDS - ENTERPRISE_WIDE, "role without the permission": PERSONAL}


def door(name, column):
    return DOORS[caller(name)][COLUMNS.index(column)]


def permission(name):
    return POLICIES[name].permission


def hidden_kinds(name, column):
    return HIDDEN.get(column, set()) if caller(name) != "CALLER_ANYONE" else set()


# ---- A request that names an object which the caller does not see

NOT_FOUND, VIOLATION, NOTHING = "NOT_FOUND", "INVALID_ARGUMENT", "OK"

# Not as the general rule says, and why.
OTHER_ANSWERS = {
    ("PassService.BatchRevokeGrants", "grants.person_id"): (NOTHING, "what is no grant is revoked already; none is touched"),
    ("PassService.BatchRevokeGrants", "grants.device_id"): (NOTHING, "what is no grant is revoked already; none is touched"),
    ("PeopleService.BatchDeleteEmployees", "ids"): (NOTHING, "the operation counts them among its failures"),
    ("VisitorsService.BatchDeleteVisitors", "ids"): (NOTHING, "the operation counts them among its failures"),
    ("BlacklistService.BatchDeleteBlacklistEntries", "ids"): (NOTHING, "the operation counts them among its failures"),
    ("TransferService.ExportEmployees", "filter.section_id"): (NOTHING, "nobody is in a section that is not there"),
    ("TransferService.ExportVisitors", "filter.section_id"): (NOTHING, "nobody is in a section that is not there"),
    ("TransferService.ExportBlacklist", "filter.section_id"): (NOTHING, "nobody is in a section that is not there"),
    ("DevicesService.BatchDeleteDevices", "ids"): (NOTHING, "the outcome of each says that it is not there"),
    ("DevicesService.BatchMoveDevices", "ids"): (NOTHING, "the outcome of each says that it is not there"),
    ("MonitorService.GetFleetHealth", "group_id"): (NOT_FOUND, "a group is where to look, and must be one of the caller's"),
    ("ScreensService.WatchScreen", "device_id"): (NOT_FOUND, "what is looked at is the terminal, and it is not there"),
    ("ScreensService.GetScreen", "device_id"): (NOT_FOUND, "what is looked at is the terminal, and it is not there"),
    ("ScreensService.LeaveScreen", "device_id"): (NOT_FOUND, "what is looked at is the terminal, and it is not there"),
    ("MonitorService.ListDeviceLog", "device_id"): (NOT_FOUND, "the lines are of one terminal, and it is not there"),
    ("DisplaysService.ListDisplays", "device_id"): (NOT_FOUND, "the pictures are of one terminal, and it is not there"),
    ("DisplaysService.CreateDisplay", "display.people.person_id"): (NOTHING, "only answers say whose it is in words"),
    ("DisplaysService.UpdateDisplay", "display.people.person_id"): (NOTHING, "only answers say whose it is in words"),
    ("TransferService.ListImportProblems", "operation_id"): (NOT_FOUND, "the problems are of one import, and it is not there"),
}


# Methods that answer with the ids that they were asked for, and nothing else of what the caller does not see.
ECHOES = {"DevicesService.BatchDeleteDevices", "DevicesService.BatchMoveDevices"}


def general_answer(name, reference):
    if is_list(name):
        # A group is where to look, and must be one of the caller's; anything else is a filter that nothing passes.
        return NOT_FOUND if reference.kind == "group" else NOTHING
    if reference.field.name == "id":
        # What the call is about; what is being made gets an id of the server's choice, whatever was sent.
        return NOTHING if METHODS[name].name.startswith("Create") else NOT_FOUND
    return VIOLATION  # what the object shall refer to; the violation names the field


def answer_to_hidden(name, reference):
    return OTHER_ANSWERS.get((name, str(reference)), (general_answer(name, reference),))[0]


# ---- A request that the caller may make

# The code and reason with which a method answers the matrix's own request, instead of doing it.
OWN_ANSWERS = {
    "AccountService.CreateToken": ("INVALID_ARGUMENT", "PERMISSION_NOT_HELD", "who holds nothing has nothing for a token"),
    "AccountService.FinishSecondFactor": ("FAILED_PRECONDITION", "SECOND_FACTOR_NOT_STARTED", "he has started none"),
    "CaptureService.CreateCapture": ("FAILED_PRECONDITION", "DEVICE_OFFLINE", "no terminal of the places has a stream"),
    "DisplaysService.CreateDisplay": ("INVALID_ARGUMENT", "PERSON_UNKNOWN", "who may view no people chooses none"),
    "DisplaysService.UpdateDisplay": ("INVALID_ARGUMENT", "PERSON_UNKNOWN", "who may view no people chooses none"),
    "DisplaysService.ListDisplays": ("NOT_FOUND", "DEVICE_NOT_FOUND", "the request of a list names no terminal"),
    "MonitorService.ListDeviceLog": ("NOT_FOUND", "DEVICE_NOT_FOUND", "the request of a list names no terminal"),
    "ScreensService.GetScreen": ("FAILED_PRECONDITION", "NOT_WATCHING", "nobody of the places looks at a screen"),
    "ScreensService.WatchScreen": ("FAILED_PRECONDITION", "DEVICE_OFFLINE", "no terminal of the places has a stream"),
    "TransferService.ListImportProblems": ("NOT_FOUND", "OPERATION_NOT_FOUND", "the request of a list names no operation"),
    "TransferService.ImportPhotos": ("INVALID_ARGUMENT", "FILE_KIND_UNFIT", "the imports of the places are sheets"),
    "DevicesService.ReplaceDevice": ("INVALID_ARGUMENT", "DEVICE_UNKNOWN", "a place has one terminal, which replaces no other"),
    "DevicesService.UpdateDevicePolicy": ("PERMISSION_DENIED", "DEVICE_POLICY_ELSEWHERE", "they see a part of the enterprise"),
    "PackagesService.UploadPackage": ("FAILED_PRECONDITION", "NO_KEY", "no key may sign packages here"),
    "SessionService.FinishExternalLogin": ("UNAUTHENTICATED", None, "nobody was sent to a provider before"),
    "TransferService.ImportPhotos": ("INVALID_ARGUMENT", "FILE_KIND_UNFIT", "the upload of a place is a sheet"),
    "TransferService.UploadImport": ("INVALID_ARGUMENT", "FILE_KIND_UNKNOWN", "what is uploaded here is a picture"),
    "SessionService.StartExternalLogin": ("FAILED_PRECONDITION", "EXTERNAL_LOGIN_OFF", "there is no provider"),
}


def served(name, outcome):
    """Whether a call that got through the door was dealt with: done, or answered as listed."""
    if outcome.code == "OK":
        return True
    code, reason, _ = OWN_ANSWERS.get(name, ("", "", ""))
    return outcome.code == code and reason in (None, outcome.reason)


def unknown_names():
    """Exceptions of methods that are no more."""
    return {name for name in [*OWN_ANSWERS, *ECHOES, *(name for name, _ in OTHER_ANSWERS)] if name not in METHODS}
