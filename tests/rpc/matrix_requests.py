"""Requests, made from the contract: every field by its type, every reference with the id of an object of its kind."""

import datetime
import itertools

from contract import fields, is_list, limit, references
from fixture import METHODS, Refused, Server, message_class, photo
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from matrix_world import PASSWORD
from terminal import BOOT, key_and_request

_numbers = itertools.count(1)

# What a text must look like, by message and field, or by field alone; everything else is any words. Called with
# the context when it is a function.
FORMS = {
    "username": lambda at: "fresh%d" % next(_numbers),
    "administrator_username": lambda at: "fresh%d" % next(_numbers),
    "DeviceSettings.password": "4711",
    "LoginRequest.username": lambda at: at.world.username("full"),
    "LoginRequest.code": "",
    "EnrolRequest.username": lambda at: at.world.username("full"),
    "password": PASSWORD,
    "old_password": PASSWORD,
    "new_password": "another " + PASSWORD,
    "administrator_password": "",
    "confirm_name": lambda at: "enterprise of " + at.place.word,
    "certificate_request": lambda at: key_and_request()[1],
    "serial_number": lambda at: "fresh%d" % next(_numbers),
    "mac": "02:00:00:00:00:01",
    "time_zone": "UTC",
    "language": "en",
    "theme": "dark",
    "temperature_unit": "C",
    "anchor_head": "",
    "permissions": lambda at: "console.view",
    "issuer": "",
    "scopes": "openid",
    "redirect_uri": "http://localhost/sign-in/external",
    "content_type": "image/jpeg",
    "birth_date": "1990-02-28",
    "employed_from": "2020-01-01",
    "employed_until": "2099-12-31",
    "consent_date": "2026-01-02",
}

# Whose sections a field of these files names; others name those of employees.
SECTIONS = {"devices.proto": "device section", "visitors.proto": "visitor section", "blacklist.proto": "blacklist section"}

NUMBERS = {"page_size": 100, "store_epoch": 1, "confirm_count": 1, "offline_alarm_seconds": 300, "clock_alarm_seconds": 60,
           "backlog_alarm_records": 1000, "certificate_alarm_days": 14}
# What a change names, where it says so.
MASKS = {"DeviceSettings": lambda: FieldMask(paths=["volume"])}
BYTES = {"data": lambda: photo("person-03.jpg"), "boot_id": lambda: BOOT,
         "picture": lambda: photo("person-03.jpg")}


class Context:
    """For whom a request is made: whose objects its references name."""

    def __init__(self, world, place, root):
        self.world, self.place, self.root = world, place, root
        self.creates = False


def uses_password(name):
    return any(field.name in ("password", "old_password") for _, field in fields(METHODS[name].input_type))


def request_for(name, at):
    """A request that somebody who sees all of the place can make."""
    at.creates = METHODS[name].name.startswith(("Create", "BatchCreate"))
    descriptor = METHODS[name].input_type
    if descriptor.full_name == "smartpass.link.v1.ConnectRequest":
        request = message_class(descriptor)()
        request.hello.store_epoch, request.hello.boot_id, request.hello.engine = at.world.terminal.epoch, BOOT, "matrix"
        return request
    request = filled(descriptor, at, filters=is_list(name) or METHODS[name].name.startswith(("Export", "Verify")))
    if {"device_ids", "group_id"} <= set(descriptor.fields_by_name):
        request.ClearField("group_id")  # it goes instead of the terminals
    return request


def filled(descriptor, at, filters=False):
    """filters: fields of a list's request stay empty, because each of them hides something."""
    message = message_class(descriptor)()
    for field in descriptor.fields:
        if field.containing_oneof:
            continue
        if filters and field.name != "page_size":
            continue
        values = [value for value in [value_for(field, at)] if value is not None]
        if field.label == FieldDescriptor.LABEL_REPEATED:
            getattr(message, field.name).extend(values)
        elif field.message_type and values:
            getattr(message, field.name).CopyFrom(values[0])
        elif values:
            setattr(message, field.name, values[0])
    return message


def value_for(field, at):
    kind = limit(field).refers_to
    if kind:
        return reference_for(field, kind, at)
    if field.message_type:
        return message_for(field, at)
    if field.type == FieldDescriptor.TYPE_STRING:
        return text_for(field, at)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return BYTES[field.name]() if field.name in BYTES else b"bytes"
    if field.type == FieldDescriptor.TYPE_ENUM:
        return 1
    if field.type == FieldDescriptor.TYPE_BOOL:
        return None
    return NUMBERS.get(field.name)


def reference_for(field, kind, at):
    if field.name == "id" and at.creates:
        return None
    if kind == "group" and field.name != "id" and any(other.name == "id" and limit(other).refers_to == "group"
                                                      for other in field.containing_type.fields):
        return at.place.group  # the one above
    return object_of(at.place, field, at)


def object_of(place, field, at):
    """The place's object that a field may name: sections are of a module, and a new person takes a photo of nobody's."""
    kind = limit(field).refers_to
    if kind == "section":
        kind = SECTIONS.get(field.file.name.rsplit("/")[-1], kind)
    if kind == "photo" and at.creates:
        kind = "upload"
    return place.ids[kind]


def text_for(field, at):
    form = FORMS.get("%s.%s" % (field.containing_type.name, field.name), FORMS.get(field.name))
    if form is None:
        return "fresh%d" % next(_numbers) if (limit(field).max_bytes or 100) > 16 else "f%d" % next(_numbers)
    return form(at) if callable(form) else form


def message_for(field, at):
    if field.message_type.full_name == "google.protobuf.Timestamp":
        ahead = any(word in field.name for word in ("until", "expire"))
        stamp = Timestamp()
        stamp.FromDatetime(datetime.datetime.utcnow() + datetime.timedelta(days=30))
        return stamp if ahead else None
    if field.message_type.full_name == "google.protobuf.FieldMask":
        return MASKS[field.containing_type.fields_by_name["settings"].message_type.name]()
    if field.message_type.full_name.startswith("google."):
        return None
    present = present_state(field.message_type, at)
    if present is None:
        return filled(field.message_type, at)
    return renewed(present, at) if at.creates else present


def renewed(message, at):
    """Like the present one, but another: without its id, with other words and a photo that nobody has."""
    for field in message.DESCRIPTOR.fields:
        if field.label == FieldDescriptor.LABEL_REPEATED or (field.message_type and not limit(field).refers_to):
            continue
        if field.name == "id":
            message.ClearField("id")
        elif limit(field).refers_to == "photo":
            setattr(message, field.name, object_of(at.place, field, at))
        elif field.type == FieldDescriptor.TYPE_STRING and getattr(message, field.name):
            setattr(message, field.name, text_for(field, at))
    return message


def present_state(descriptor, at):
    """The place's object of this type as a list shows it; None when no list has such."""
    own = next((field for field in descriptor.fields if field.name == "id" and limit(field).refers_to), None)
    for name in METHODS if own else ():
        shown = next((field for field in METHODS[name].output_type.fields if field.message_type == descriptor and
                      field.label == FieldDescriptor.LABEL_REPEATED), None)
        if shown and is_list(name):
            return find_in_list(name, shown.name, at.place.ids[limit(own).refers_to], at)
    return None


def find_in_list(name, shown, number, at):
    client = at.world.client("super" if "Enterprise" in name else at.root)
    token = ""
    while True:
        request = message_class(METHODS[name].input_type)()
        if hasattr(request, "page_size"):
            request.page_size, request.page_token = 100, token
        try:
            page = client.call(name, request)
        except Refused:
            return None
        for one in getattr(page, shown):
            if one.id == number:
                return one
        token = getattr(page, "next_page_token", "")
        if not token:
            return None


def hidden_references(name, kinds):
    return [reference for reference in references(name) if reference.kind in kinds]
