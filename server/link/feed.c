/* The people feed of one terminal: one message of changes under way at a time, the next when all its outcomes are back.
 */
#include "link_store.h"
#include "log.h"

/* 16 changes with templates stay well under the 32 KiB of a message. */
enum { CHANGES_PER_MESSAGE = 16, PHOTO_PART = 16384 };

/* Room for 16 templates, sealed and open, and the rows. */
#define FEED_ARENA_BYTES (4u << 20)

static void send_changes(terminal *t, arena *a, const link_changes *next)
{
    PeopleChanges body = PEOPLE_CHANGES_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;
    PersonChange **list = arena_array(a, next->count + 1, sizeof *list);

    if (!list)
        return;
    for (size_t i = 0; i < next->count; i++)
        list[i] = &next->changes[i];
    body.n_changes = next->count;
    body.changes = list;
    body.complete = next->count < CHANGES_PER_MESSAGE;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PEOPLE;
    message.people = &body;
    terminal_send(t, &message);

    t->told_complete = body.complete;
    if (next->count > 0)
        t->sent_revision = next->changes[next->count - 1].revision;
}

void feed_next(terminal *t)
{
    arena a;
    link_changes next;

    if (t->confirmed_revision < t->sent_revision)
        return;
    arena_init(&a, FEED_ARENA_BYTES);
    sp_status st = link_store_feed(t, &a, t->sent_revision, CHANGES_PER_MESSAGE, &next);
    if (sp_failed(st))
        log_write(LOG_WARNING, "people feed waits", "reason", st.reason, NULL);
    else if (next.count > 0 || !t->told_complete)
        send_changes(t, &a, &next);
    arena_done(&a);
}

static void tell_hooks(terminal *t, arena *a, const PeopleReport *report)
{
    const link_hooks *hooks = &t->link->options.hooks;
    int64_t *people = arena_array(a, report->n_outcomes, sizeof *people);

    if (!hooks->grants_changed || !people)
        return;
    for (size_t i = 0; i < report->n_outcomes; i++)
        people[i] = report->outcomes[i]->person_id;
    hooks->grants_changed(hooks->arg, t->enterprise_id, t->device_id, people, report->n_outcomes);
}

void feed_outcomes(terminal *t, arena *a, const ConnectRequest *request)
{
    const PeopleReport *report = request->people;
    if (report->n_outcomes == 0)
        return;

    sp_status st = link_store_outcomes(t, a, report->outcomes, report->n_outcomes);
    if (sp_failed(st)) {
        terminal_end(t, st); /* after the reconnect the same changes come again */
        return;
    }
    for (size_t i = 0; i < report->n_outcomes; i++)
        if (report->outcomes[i]->revision > t->confirmed_revision)
            t->confirmed_revision = report->outcomes[i]->revision;
    tell_hooks(t, a, report);
    feed_next(t);
}

void feed_photo(terminal *t, arena *a, const ConnectRequest *request)
{
    const PhotoRequest *wanted = request->photo_request;
    PhotoChunk body = PHOTO_CHUNK_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;
    const uint8_t *photo;
    size_t size;

    sp_status st = link_store_photo(t, a, wanted, &photo, &size);
    if (sp_failed(st)) {
        terminal_end(t, st);
        return;
    }
    body.person_id = wanted->person_id;
    body.sha256 = wanted->sha256;
    body.offset = wanted->offset;
    body.total = (uint32_t)size;
    if (wanted->offset < size) {
        size_t left = size - wanted->offset;
        body.data = (ProtobufCBinaryData){left < PHOTO_PART ? left : PHOTO_PART, (uint8_t *)photo + wanted->offset};
    }
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PHOTO;
    message.photo = &body;
    terminal_send(t, &message);
}
