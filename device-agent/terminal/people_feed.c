#include "people_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "picture_file.h"

enum { CHANGES_MAX = 16, PHOTO_BYTES_MAX = 1 << 20, PHOTO_WAIT_MS = 30000, PHOTO_SIDE = 1920 };

typedef smartpass_v1_ApplyFailure apply_failure;
#define APPLIED smartpass_v1_ApplyFailure_APPLY_FAILURE_UNSPECIFIED
#define FAILED(what) smartpass_v1_ApplyFailure_APPLY_FAILURE_##what

typedef enum { CHANGE_PUT, CHANGE_REMOVE, CHANGE_AWAITS_PHOTO } change_kind;

/* One change on its way into the store. */
typedef struct {
    int64_t revision;
    change_kind kind;
    apply_failure failure;
    person who;
    uint32_t photo_size; /* as announced; 0: not */
} change;

struct people_feed {
    people_feed_parts parts;
    change changes[CHANGES_MAX];
    size_t count;   /* 0: nothing is under way */
    size_t waiting; /* the change whose photo is awaited; count: none */
    uint8_t *photo;
    uint32_t photo_have;
    uint32_t photo_total;
    bool request_due;
    int64_t due_ms;
    PersonOutcome outcomes[CHANGES_MAX];
    size_t outcome_count; /* to be reported */
};

people_feed *people_feed_new(const people_feed_parts *parts)
{
    people_feed *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    f->parts = *parts;
    f->due_ms = INT64_MAX;
    return f;
}

static void drop_photo(people_feed *f)
{
    free(f->photo);
    f->photo = NULL;
    f->photo_have = f->photo_total = 0;
    f->request_due = false;
    f->due_ms = INT64_MAX;
}

void people_feed_reset(people_feed *f)
{
    drop_photo(f);
    f->count = f->waiting = 0;
    f->outcome_count = 0;
}

void people_feed_free(people_feed *f)
{
    if (!f)
        return;
    drop_photo(f);
    free(f);
}

/* ---- What a change asks for ---- */

/* Fails closed: what cannot be applied must not leave the person's former rights behind. A card still works when only
 * the face is the trouble. */
static void fail(change *c, apply_failure failure)
{
    bool face_only = failure == FAILED(BAD_PHOTO) || failure == FAILED(PHOTO_CORRUPT);

    c->failure = failure;
    c->who.has_face = false;
    c->kind = face_only && c->who.card[0] != '\0' ? CHANGE_PUT : CHANGE_REMOVE;
}

static bool is_known_kind(smartpass_v1_PersonKind kind)
{
    return kind >= (int)PERSON_EMPLOYEE && kind <= (int)PERSON_BLACKLIST;
}

/* The photo is the one that this terminal has already worked out. */
static bool reuse_face(people_feed *f, change *c)
{
    person present;

    if (!people_store_find(f->parts.people, c->who.id, &present) || !present.has_face || !present.has_photo ||
        strcmp(present.engine, f->parts.reader->engine) != 0 ||
        memcmp(present.photo_sha256, c->who.photo_sha256, sizeof present.photo_sha256) != 0)
        return false;
    memcpy(c->who.face, present.face, sizeof c->who.face);
    c->who.has_face = true;
    return true;
}

static void prepare_face(people_feed *f, change *c, const PersonChange *m)
{
    bool same_engine = strcmp(m->engine, f->parts.reader->engine) == 0;

    snprintf(c->who.engine, sizeof c->who.engine, "%s", f->parts.reader->engine);
    if (m->photo_sha256.size == sizeof c->who.photo_sha256) {
        memcpy(c->who.photo_sha256, m->photo_sha256.bytes, sizeof c->who.photo_sha256);
        c->who.has_photo = true;
    }
    if (same_engine && m->face_template.size > 0) {
        c->who.has_face = face_template_unpack(m->face_template.bytes, m->face_template.size, c->who.face);
        if (!c->who.has_face)
            fail(c, FAILED(REJECTED));
    } else if (!c->who.has_photo) {
        fail(c, FAILED(REJECTED));
    } else if (!reuse_face(f, c)) {
        c->kind = CHANGE_AWAITS_PHOTO;
        c->photo_size = m->photo_size;
    }
}

static void prepare(people_feed *f, change *c, const PersonChange *m)
{
    *c = (change){.revision = m->revision, .who.id = m->person_id, .who.kind = (person_kind)m->kind};
    if (m->remove) {
        c->kind = CHANGE_REMOVE;
        return;
    }
    snprintf(c->who.name, sizeof c->who.name, "%s", m->name);
    snprintf(c->who.number, sizeof c->who.number, "%s", m->number);
    snprintf(c->who.card, sizeof c->who.card, "%s", m->card_number);
    c->who.valid_from_ms = m->valid_from_ms;
    c->who.valid_until_ms = m->valid_until_ms;
    if (!is_known_kind(m->kind) || m->person_id <= 0)
        fail(c, FAILED(REJECTED));
    else if (m->engine[0] != '\0')
        prepare_face(f, c, m);
    else if (c->who.card[0] == '\0')
        fail(c, FAILED(NO_PHOTO));
}

/* ---- Into the store ---- */

static sp_status put(people_feed *f, change *c, uint32_t *people)
{
    person present;

    if (!people_store_find(f->parts.people, c->who.id, &present)) {
        if (*people >= f->parts.capacity) {
            fail(c, FAILED(DEVICE_FULL));
            return SP_DONE;
        }
        ++*people;
    }
    return people_store_put(f->parts.people, &c->who);
}

static sp_status drop(people_feed *f, const change *c, uint32_t *people)
{
    person present;

    if (people_store_find(f->parts.people, c->who.id, &present))
        --*people;
    return people_store_remove(f->parts.people, c->who.id);
}

static sp_status apply_each(people_feed *f)
{
    uint32_t people = people_store_count(f->parts.people);
    sp_status status = SP_DONE;

    for (size_t i = 0; i < f->count && !sp_failed(status); i++) {
        change *c = &f->changes[i];

        status = c->kind == CHANGE_PUT ? put(f, c, &people) : drop(f, c, &people);
    }
    return status;
}

static void update_index(people_feed *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const change *c = &f->changes[i];

        if (c->kind == CHANGE_PUT && c->who.has_face)
            (void)face_index_put(f->parts.index, (face_owner){c->who.id, c->who.kind == PERSON_BLACKLIST}, c->who.face);
        else
            face_index_remove(f->parts.index, c->who.id);
    }
}

static bool apply(people_feed *f)
{
    sp_status status = people_store_begin(f->parts.people);

    if (!sp_failed(status)) {
        status = apply_each(f);
        if (sp_failed(status))
            people_store_rollback(f->parts.people);
    }
    if (sp_failed(status) || sp_failed(people_store_commit(f->parts.people, f->changes[f->count - 1].revision))) {
        people_feed_reset(f);
        return false;
    }
    update_index(f);
    for (size_t i = 0; i < f->count; i++)
        f->outcomes[i] = (PersonOutcome){
            .revision = f->changes[i].revision, .person_id = f->changes[i].who.id, .failure = f->changes[i].failure};
    f->outcome_count = f->count;
    f->count = f->waiting = 0;
    return true;
}

/* ---- Photos ---- */

static bool go_on(people_feed *f, int64_t now_ms)
{
    drop_photo(f);
    while (f->waiting < f->count && f->changes[f->waiting].kind != CHANGE_AWAITS_PHOTO)
        f->waiting++;
    if (f->waiting == f->count)
        return apply(f);
    f->request_due = true;
    f->due_ms = now_ms + PHOTO_WAIT_MS;
    return true;
}

static bool end_photo(people_feed *f, apply_failure failure, int64_t now_ms)
{
    change *c = &f->changes[f->waiting];

    c->kind = CHANGE_PUT;
    if (failure != APPLIED)
        fail(c, failure);
    return go_on(f, now_ms);
}

static apply_failure work_out_face(people_feed *f, change *c)
{
    uint8_t sha[SHA256_SIZE];
    bitmap decoded;
    face_picture view;
    int faces;

    if (sp_failed(sha256_of(f->photo, f->photo_total, sha)) ||
        memcmp(sha, c->who.photo_sha256, sizeof c->who.photo_sha256) != 0)
        return FAILED(PHOTO_CORRUPT);
    if (picture_file_decode(f->photo, f->photo_total, PHOTO_SIDE, &decoded) != PICTURE_FILE_OK)
        return FAILED(BAD_PHOTO);
    view = bitmap_view(&decoded);
    faces = f->parts.reader->read(f->parts.reader->self, &view, c->who.face);
    bitmap_done(&decoded);
    c->who.has_face = faces == 1;
    return faces == 1 ? APPLIED : FAILED(BAD_PHOTO);
}

static bool is_awaited(const people_feed *f, const PhotoChunk *chunk)
{
    const change *c = &f->changes[f->waiting];

    return f->waiting < f->count && chunk->person_id == c->who.id && chunk->sha256.size == sizeof c->who.photo_sha256 &&
           memcmp(chunk->sha256.bytes, c->who.photo_sha256, sizeof c->who.photo_sha256) == 0;
}

/* Makes room at the first chunk; false when the photo cannot be what was announced. */
static bool begin_photo(people_feed *f, const PhotoChunk *chunk)
{
    const change *c = &f->changes[f->waiting];

    if (f->photo)
        return chunk->total == f->photo_total;
    if (chunk->total == 0 || chunk->total > PHOTO_BYTES_MAX || (c->photo_size != 0 && chunk->total != c->photo_size))
        return false;
    f->photo = malloc(chunk->total);
    f->photo_total = chunk->total;
    return f->photo != NULL;
}

bool people_feed_photo(people_feed *f, const PhotoChunk *chunk, int64_t now_ms)
{
    if (!is_awaited(f, chunk) || chunk->offset != f->photo_have)
        return true; /* late or twice */
    if (!begin_photo(f, chunk) || chunk->data.size == 0 || chunk->data.size > f->photo_total - f->photo_have)
        return end_photo(f, FAILED(PHOTO_CORRUPT), now_ms);
    memcpy(f->photo + f->photo_have, chunk->data.bytes, chunk->data.size);
    f->photo_have += chunk->data.size;
    f->due_ms = now_ms + PHOTO_WAIT_MS;
    if (f->photo_have == f->photo_total)
        return end_photo(f, work_out_face(f, &f->changes[f->waiting]), now_ms);
    f->request_due = true;
    return true;
}

bool people_feed_tick(people_feed *f, int64_t now_ms)
{
    if (now_ms < f->due_ms)
        return true;
    return end_photo(f, FAILED(PHOTO_CORRUPT), now_ms);
}

int64_t people_feed_due_ms(const people_feed *f)
{
    return f->due_ms;
}

/* ---- The messages ---- */

static bool is_ascending(const PeopleChanges *changes, int64_t above)
{
    for (size_t i = 0; i < changes->changes_count; i++) {
        if (changes->changes[i].revision <= above)
            return false;
        above = changes->changes[i].revision;
    }
    return true;
}

/* Revisions at or below our own may come again: a report was lost on the way. */
bool people_feed_take(people_feed *f, const PeopleChanges *changes, int64_t now_ms)
{
    if (changes->changes_count == 0)
        return true;
    if (f->count != 0 || f->outcome_count != 0 || !is_ascending(changes, 0))
        return false;
    for (size_t i = 0; i < changes->changes_count; i++)
        prepare(f, &f->changes[i], &changes->changes[i]);
    f->count = changes->changes_count;
    f->waiting = 0;
    return go_on(f, now_ms);
}

static void fill_report(people_feed *f, ConnectRequest *message)
{
    PeopleReport *report = &message->message.people;

    message->which_message = smartpass_link_v1_ConnectRequest_people_tag;
    report->outcomes_count = (pb_size_t)f->outcome_count;
    memcpy(report->outcomes, f->outcomes, f->outcome_count * sizeof *f->outcomes);
    f->outcome_count = 0;
}

static void fill_request(people_feed *f, ConnectRequest *message)
{
    PhotoRequest *request = &message->message.photo_request;
    const person *who = &f->changes[f->waiting].who;

    message->which_message = smartpass_link_v1_ConnectRequest_photo_request_tag;
    request->person_id = who->id;
    BYTES_FIELD_SET(request->sha256, who->photo_sha256, sizeof who->photo_sha256);
    request->offset = f->photo_have;
    f->request_due = false;
}

bool people_feed_report(people_feed *f, ConnectRequest *ret_message)
{
    if (f->outcome_count > 0)
        fill_report(f, ret_message);
    else if (f->request_due)
        fill_request(f, ret_message);
    else
        return false;
    return true;
}
