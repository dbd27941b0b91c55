"""An OpenAPI document as a judge of answers: every member that it does not name is a fault, and every format is looked
at. What a program may overlook for the sake of newer servers, a test may not."""

import copy
import re

from jsonschema import Draft202012Validator, FormatChecker

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
FORMATS = FormatChecker(formats=())
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(\d{3}|\d{6}|\d{9}))?Z")


@FORMATS.checks("date-time")
def is_time(value):
    return not isinstance(value, str) or TIME.fullmatch(value) is not None


@FORMATS.checks("int64")
def is_int64(value):
    return not isinstance(value, str) or -2**63 <= int(value) < 2**63


@FORMATS.checks("int32")
def is_int32(value):
    return not isinstance(value, int) or -2**31 <= value < 2**31


def closed(schema):
    """The schema without room for members that it does not name."""
    if not isinstance(schema, dict):
        return schema
    if "properties" in schema and "anyOf" not in schema:
        schema.setdefault("additionalProperties", False)
        for inner in schema["properties"].values():
            closed(inner)
    closed(schema.get("items"))
    closed(schema.get("additionalProperties"))
    return schema


class Document:
    def __init__(self, document):
        self.raw = document
        self.components = copy.deepcopy(document["components"])
        for schema in self.components["schemas"].values():
            closed(schema)
        self.operations = {}
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    self.operations[item[method]["operationId"]] = (method.upper(), path, item[method])
            for more in item.get("x-additional-operations", ()):
                self.operations[more["operation"]["operationId"]] = (more["method"], path, more["operation"])

    def resolve(self, node):
        while "$ref" in node:
            target = self.raw
            for step in node["$ref"].lstrip("#/").split("/"):
                target = target[step]
            node = target
        return node

    def faults(self, schema, value):
        """What is wrong with a value, in words."""
        schema = {**closed(copy.deepcopy(schema)), "components": self.components}
        return ["%s: %s" % (error.json_path, error.message)
                for error in Draft202012Validator(schema, format_checker=FORMATS).iter_errors(value)]

    def response(self, operation, status):
        responses = operation["responses"]
        return self.resolve(responses.get(str(status), responses["default"]))

    def media(self, response, content_type):
        """What the response says of a content type, or of any."""
        content = response.get("content", {})
        return content.get(content_type.split(";")[0].strip(), content.get("*/*"))

    def required_headers(self, response):
        return [name for name, header in response.get("headers", {}).items() if self.resolve(header).get("required")]
