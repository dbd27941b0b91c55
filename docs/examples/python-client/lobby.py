"""lobby.py HOST:PORT AUTHORITY.CRT USER NUMBER NAME <PASSWORD: signs in, adds an employee, lists all of them, waits for
somebody to pass, and signs out."""

import sys
from typing import Dict, List, Tuple

import grpc
from google.rpc import error_details_pb2, status_pb2
from smartpass.v1 import console_pb2, console_pb2_grpc, people_pb2, people_pb2_grpc, session_pb2, session_pb2_grpc

Metadata = List[Tuple[str, str]]


def violations(error: grpc.RpcError) -> Dict[str, str]:
    """{field: reason} of a refusal, from the typed details of the error."""
    facts: Dict[str, str] = {}
    fields: List[str] = []
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                info, request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
                if detail.Unpack(info):
                    facts = dict(info.metadata)
                elif detail.Unpack(request):
                    fields = [violation.field for violation in request.field_violations]
    return {field: facts[field] for field in fields}


def sign_in(channel: grpc.Channel, username: str, password: str) -> Metadata:
    reply = session_pb2_grpc.SessionServiceStub(channel).Login(
        session_pb2.LoginRequest(username=username, password=password), timeout=10)
    return [("authorization", "Bearer " + reply.token)]


def add(people: people_pb2_grpc.PeopleServiceStub, employee: people_pb2.Employee, metadata: Metadata) -> None:
    try:
        created = people.CreateEmployee(people_pb2.CreateEmployeeRequest(employee=employee), metadata=metadata)
        print("created", created.number, created.name)
    except grpc.RpcError as error:
        for field, reason in violations(error).items():
            print("refused %s: %s" % (field, reason))


def wait_for_pass(console: console_pb2_grpc.ConsoleServiceStub, metadata: Metadata) -> None:
    events = console.WatchEvents(console_pb2.WatchEventsRequest(), timeout=60, metadata=metadata)
    for event in events:
        if event.WhichOneof("event") == "pass":
            passed = getattr(event, "pass")  # a word of Python's
            print("pass", passed.person_name or "a stranger", "at", passed.device_name)
            events.cancel()
            return


def main() -> None:
    address, authority, username, number, name = sys.argv[1:]
    with open(authority, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    with grpc.secure_channel(address, credentials) as channel:
        metadata = sign_in(channel, username, input())
        people = people_pb2_grpc.PeopleServiceStub(channel)
        add(people, people_pb2.Employee(number=number, name=name), metadata)
        reply = people.ListEmployees(people_pb2.ListEmployeesRequest(page_size=100), metadata=metadata)
        for employee in reply.employees:
            print("employee", employee.number, employee.name)
        wait_for_pass(console_pb2_grpc.ConsoleServiceStub(channel), metadata)
        session_pb2_grpc.SessionServiceStub(channel).Logout(session_pb2.LogoutRequest(), metadata=metadata)


main()
