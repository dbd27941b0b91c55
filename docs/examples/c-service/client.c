/* guestbook-client ADDRESS sign NAME TEXT, or guestbook-client ADDRESS read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guestbook/v1/guestbook.client.h"
#include "guestbook/v1/guestbook.names.h"

static const rpc_options patient = {.timeout_ms = 10000, .wait_for_ready = true};

static int told(sp_status status, rpc_answer *answer)
{
    if (sp_failed(status))
        fprintf(stderr, "guestbook-client: %s (%s)\n", status.message, status.reason);
    rpc_answer_done(answer);
    return sp_failed(status) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void print(const Entry *entry)
{
    printf("%d %s: %s\n", entry->number, entry->name, entry->text);
}

static int sign(rpc_client *client, char *name, char *text)
{
    SignRequest request = SIGN_REQUEST_INIT;
    rpc_answer answer;
    Entry *entry;

    request.name = name;
    request.text = text;
    sp_status status = guestbook_sign(client, &patient, &request, &entry, &answer);
    if (!sp_failed(status)) {
        print(entry);
        guestbook__v1__entry__free_unpacked(entry, NULL);
    }
    return told(status, &answer);
}

static int read_all(rpc_client *client)
{
    ReadRequest request = READ_REQUEST_INIT;
    rpc_answer answer;
    Entry *entry;

    guestbook_read_client *stream = guestbook_read_client_open(client, &patient, &request);
    while ((entry = guestbook_read_client_read(stream)) != NULL) {
        print(entry);
        guestbook__v1__entry__free_unpacked(entry, NULL);
    }
    return told(guestbook_read_client_finish(stream, &answer), &answer);
}

int main(int argc, char **argv)
{
    int outcome = EXIT_FAILURE;

    if (!(argc == 5 && strcmp(argv[2], "sign") == 0) && !(argc == 3 && strcmp(argv[2], "read") == 0)) {
        fputs("guestbook-client ADDRESS sign NAME TEXT, or guestbook-client ADDRESS read\n", stderr);
        return EXIT_FAILURE;
    }
    rpc_client *client = rpc_client_new(&(rpc_client_options){.target = argv[1]});
    if (client != NULL)
        outcome = argc == 5 ? sign(client, argv[3], argv[4]) : read_all(client);
    rpc_client_free(client);
    return outcome;
}
