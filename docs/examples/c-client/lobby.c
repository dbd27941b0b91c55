/* lobby: who works here, and who comes and goes in the next seconds.
 *
 *   lobby HOST:PORT AUTHORITY.CRT USER [SECONDS] <PASSWORD
 *
 * Signs in over TLS, lists the employees, watches live events and signs out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smartpass/v1/console.client.h"
#include "smartpass/v1/console.names.h"
#include "smartpass/v1/pass.names.h"
#include "smartpass/v1/people.client.h"
#include "smartpass/v1/people.names.h"
#include "smartpass/v1/session.client.h"
#include "smartpass/v1/session.names.h"

static rpc_client *client;

static int failed(const char *what, sp_status status, rpc_answer *answer)
{
    fprintf(stderr, "lobby: %s: %s (%s, %s)\n", what, status.message, sp_code_name(status.code), status.reason);
    rpc_answer_done(answer);
    return EXIT_FAILURE;
}

/* "Bearer …", malloc's; NULL when the server says no. */
static char *sign_in(const char *username, char *password)
{
    LoginRequest request = LOGIN_REQUEST_INIT;
    LoginResponse *reply;
    rpc_answer answer;
    char *bearer = NULL;

    request.username = (char *)username;
    request.password = password;
    sp_status status = session_login(client, NULL, &request, &reply, &answer);
    if (sp_failed(status)) {
        failed("login", status, &answer);
        return NULL;
    }
    if (asprintf(&bearer, "Bearer %s", reply->token) < 0)
        bearer = NULL;
    smartpass__v1__login_response__free_unpacked(reply, NULL);
    rpc_answer_done(&answer);
    return bearer;
}

static int list_employees(const rpc_options *options)
{
    ListEmployeesRequest request = LIST_EMPLOYEES_REQUEST_INIT;
    ListEmployeesResponse *reply;
    rpc_answer answer;

    request.page_size = 100;
    sp_status status = people_list_employees(client, options, &request, &reply, &answer);
    if (sp_failed(status))
        return failed("employees", status, &answer);
    for (size_t i = 0; i < reply->n_employees; i++)
        printf("employee %s %s\n", reply->employees[i]->number, reply->employees[i]->name);
    smartpass__v1__list_employees_response__free_unpacked(reply, NULL);
    rpc_answer_done(&answer);
    return EXIT_SUCCESS;
}

static void show(const Event *event)
{
    if (event->event_case == SMARTPASS__V1__EVENT__EVENT_PASS)
        printf("pass %s at %s\n", event->pass->person_name[0] ? event->pass->person_name : "a stranger",
               event->pass->device_name);
    else if (event->event_case == SMARTPASS__V1__EVENT__EVENT_DEVICE)
        printf("terminal %s changed\n", event->device->name);
    fflush(stdout);
}

/* The deadline ends the stream: that is how it should end. */
static int watch(const rpc_options *options)
{
    WatchEventsRequest request = WATCH_EVENTS_REQUEST_INIT;
    rpc_answer answer;
    Event *event;

    console_watch_events_client *stream = console_watch_events_client_open(client, options, &request);
    while ((event = console_watch_events_client_read(stream)) != NULL) {
        show(event);
        smartpass__v1__event__free_unpacked(event, NULL);
    }
    sp_status status = console_watch_events_client_finish(stream, &answer);
    if (sp_failed(status) && status.code != SP_DEADLINE_EXCEEDED)
        return failed("events", status, &answer);
    rpc_answer_done(&answer);
    return EXIT_SUCCESS;
}

static void sign_out(const rpc_options *options)
{
    LogoutRequest request = LOGOUT_REQUEST_INIT;
    LogoutResponse *reply;

    if (!sp_failed(session_logout(client, options, &request, &reply, NULL)))
        smartpass__v1__logout_response__free_unpacked(reply, NULL);
}

/* The whole of a small file, malloc's and NUL-terminated. */
static char *read_text(const char *path)
{
    char *text = calloc(1, 65536);
    FILE *file = fopen(path, "r");

    if (file == NULL || text == NULL || fread(text, 1, 65535, file) == 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    char password[256];
    int outcome = EXIT_FAILURE;

    if (argc < 4 || fgets(password, sizeof password, stdin) == NULL) {
        fputs("lobby HOST:PORT AUTHORITY.CRT USER [SECONDS] <PASSWORD\n", stderr);
        return EXIT_FAILURE;
    }
    password[strcspn(password, "\n")] = '\0';

    char *authority = read_text(argv[2]);
    client = rpc_client_new(&(rpc_client_options){.target = argv[1], .tls = true, .ca_pem = authority});
    char *bearer = client != NULL ? sign_in(argv[3], password) : NULL;
    if (bearer != NULL) {
        const rpc_metadatum authorization = {"authorization", bearer};
        const rpc_options call = {.timeout_ms = 10000, .metadata = &authorization, .metadata_count = 1};
        rpc_options stream = call;

        stream.timeout_ms = 1000 * (argc > 4 ? atoi(argv[4]) : 5);
        outcome = list_employees(&call);
        if (outcome == EXIT_SUCCESS)
            outcome = watch(&stream);
        sign_out(&call);
    }
    free(bearer);
    rpc_client_free(client);
    free(authority);
    return outcome;
}
