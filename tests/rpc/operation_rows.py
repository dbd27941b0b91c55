"""Operations as rows, for tests of how they are shown: what does such work is tested with the runner."""

STATES = {"queued": 1, "running": 2, "succeeded": 3, "failed": 4, "cancelled": 5}
_numbers = iter(range(100, 1000000))


def put_operation(server, username, state="queued", object="a thing", kind="test", request="", lease="1 hour"):
    """Its id. A running one is held by somebody who is never heard of again."""
    number = next(_numbers)
    number_of_state = STATES[state]
    server.sql("""
        INSERT INTO operation (enterprise_id, id, kind, object, state, stage, progress, total, failures, request,
            checkpoint, result_type, result, error_code, error_reason, error_message, operator_user_id, operator,
            group_id, created_at, started_at, finished_at, lease_owner, lease_until, attempts, cancel_requested)
        SELECT enterprise_id, %d, '%s', '%s', %d, 'wiping', 3, 10, 1, '%s', '', '', '', %d, '%s', '%s', id, username,
            group_id, now() - interval '1 minute', %s, %s, %s, %s, 1, false
        FROM app_user WHERE username = '%s'""" % (
            number, kind, object, number_of_state, request, *((10, "INTERRUPTED", "It was interrupted.")
                                                             if state == "failed" else (0, "", "")),
            "NULL" if state == "queued" else "now()", "now()" if number_of_state > 2 else "NULL",
            "1" if state == "running" else "NULL",
            "now() + interval '%s'" % lease if state == "running" else "NULL", username))
    return number
