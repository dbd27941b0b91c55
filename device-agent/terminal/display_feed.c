#include "display_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "hash.h"
#include "log.h"
#include "picture_file.h"

enum { PART_WAIT_MS = 30000, ENOUGH_PIXELS = 160 }; /* of a side, to see that a picture is one */

_Static_assert(DISPLAY_PICTURES_MAX == sizeof((DisplayPlan){0}.pictures) / sizeof(smartpass_link_v1_DisplayPicture),
               "the contract's number of pictures");
_Static_assert(DISPLAY_OWNERS_MAX == sizeof((DisplayPlan){0}.owners) / sizeof(smartpass_link_v1_DisplayOwner),
               "the contract's number of people");

struct display_feed {
    display_store *store;
    display_plan plan;                         /* that came last */
    const char *reasons[DISPLAY_PICTURES_MAX]; /* why a picture of it is not kept; NULL: it is */
    bool gathering;
    bool report_due;

    /* The picture that is being fetched; those before it are here, or refused. */
    uint32_t at;
    uint8_t *bytes; /* NULL: nothing of it has come */
    uint32_t have;
    bool asked;
    int64_t asked_ms; /* until when the part must be here */
};

display_feed *display_feed_new(display_store *store)
{
    display_feed *f = calloc(1, sizeof *f);

    if (f)
        f->store = store;
    return f;
}

static void drop_bytes(display_feed *f)
{
    free(f->bytes);
    f->bytes = NULL;
    f->have = 0;
    f->asked = false;
}

void display_feed_free(display_feed *f)
{
    if (!f)
        return;
    drop_bytes(f);
    free(f);
}

void display_feed_reset(display_feed *f)
{
    drop_bytes(f);
    f->gathering = false;
    f->report_due = false;
}

/* ---- Gathering --------------------------------------------------------------------------------------------------- */

/* What did not become whole comes again with the next connection. */
static display_step finish(display_feed *f)
{
    sp_status status = display_store_put(f->store, &f->plan);

    f->gathering = false;
    if (sp_failed(status)) {
        log_write(LOG_ERROR, "the pass display cannot be stored", "reason", status.reason, NULL);
        return DISPLAY_NOTHING;
    }
    f->report_due = true;
    return DISPLAY_CHANGED;
}

static display_step go_on(display_feed *f)
{
    drop_bytes(f);
    while (f->at < f->plan.picture_count &&
           (f->reasons[f->at] || display_store_has(f->store, f->plan.pictures[f->at].sha256)))
        f->at++;
    return f->at < f->plan.picture_count ? DISPLAY_ASKS : finish(f);
}

static display_step refuse(display_feed *f, const char *reason)
{
    f->reasons[f->at] = reason;
    return go_on(f);
}

static bool copy_pictures(const DisplayPlan *came, display_plan *plan)
{
    plan->picture_count = came->pictures_count;
    for (uint32_t i = 0; i < plan->picture_count; i++) {
        display_picture *p = &plan->pictures[i];

        if (came->pictures[i].sha256.size != sizeof p->sha256)
            return false;
        memcpy(p->sha256, came->pictures[i].sha256.bytes, sizeof p->sha256);
        p->id = came->pictures[i].id;
        p->size = came->pictures[i].size;
        p->seconds = came->pictures[i].seconds;
        p->strangers = came->pictures[i].strangers;
    }
    return true;
}

static bool copy_plan(const DisplayPlan *came, display_plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->version = came->version;
    plan->owner_count = came->owners_count;
    for (uint32_t i = 0; i < plan->owner_count; i++)
        plan->owners[i] = (display_owner){came->owners[i].person_id, came->owners[i].picture};
    return copy_pictures(came, plan) && display_plan_settle(plan);
}

display_step display_feed_plan(display_feed *f, const DisplayPlan *came)
{
    display_feed_reset(f);
    if (!copy_plan(came, &f->plan)) {
        log_write(LOG_WARNING, "a pass display came that makes no sense", NULL);
        return DISPLAY_NOTHING;
    }
    memset(f->reasons, 0, sizeof f->reasons);
    f->gathering = true;
    f->at = 0;
    if (sp_failed(display_store_tidy(f->store, &f->plan)))
        log_write(LOG_WARNING, "pictures of a former pass display cannot be deleted yet", NULL);
    return go_on(f);
}

/* ---- One picture ------------------------------------------------------------------------------------------------- */

/* That it is what the plan names, and a picture. */
static bool is_sound(const display_feed *f)
{
    const display_picture *p = &f->plan.pictures[f->at];
    uint8_t sha256[SHA256_SIZE];
    bitmap decoded;

    if (sp_failed(sha256_of(f->bytes, p->size, sha256)) || memcmp(sha256, p->sha256, sizeof sha256) != 0 ||
        picture_file_decode(f->bytes, p->size, ENOUGH_PIXELS, &decoded) != PICTURE_FILE_OK)
        return false;
    bitmap_done(&decoded);
    return true;
}

static display_step keep(display_feed *f)
{
    const display_picture *p = &f->plan.pictures[f->at];
    sp_status status;

    if (!is_sound(f))
        return refuse(f, "DAMAGED");
    status = display_store_add(f->store, p->sha256, f->bytes, p->size);
    if (sp_failed(status))
        log_write(LOG_WARNING, "a picture of the pass display cannot be kept", "reason", status.reason, NULL);
    return sp_failed(status) ? refuse(f, "NO_SPACE") : go_on(f);
}

display_step display_feed_chunk(display_feed *f, const DisplayChunk *chunk)
{
    const display_picture *p = &f->plan.pictures[f->at];

    if (!f->gathering || !f->asked || chunk->id != p->id)
        return DISPLAY_NOTHING;
    if (chunk->total == 0) { /* another plan is on its way */
        display_feed_reset(f);
        return DISPLAY_NOTHING;
    }
    if (chunk->offset != f->have)
        return DISPLAY_NOTHING; /* late or twice */
    if (chunk->total != p->size || chunk->data.size == 0 || chunk->data.size > p->size - f->have)
        return refuse(f, "DAMAGED");
    if (!f->bytes && !(f->bytes = malloc(p->size)))
        return refuse(f, "NO_SPACE");
    memcpy(f->bytes + f->have, chunk->data.bytes, chunk->data.size);
    f->have += chunk->data.size;
    f->asked = false;
    return f->have == p->size ? keep(f) : DISPLAY_ASKS;
}

/* ---- What goes up ------------------------------------------------------------------------------------------------ */

bool display_feed_report(display_feed *f, ConnectRequest *message)
{
    DisplayReport *report = &message->message.display;

    if (!f->report_due)
        return false;
    f->report_due = false;
    message->which_message = smartpass_link_v1_ConnectRequest_display_tag;
    report->version = f->plan.version;
    report->refusals_count = 0;
    for (uint32_t i = 0; i < f->plan.picture_count; i++) {
        if (!f->reasons[i])
            continue;
        DisplayRefusal *refusal = &report->refusals[report->refusals_count++];

        refusal->id = f->plan.pictures[i].id;
        snprintf(refusal->reason, sizeof refusal->reason, "%s", f->reasons[i]);
    }
    return true;
}

bool display_feed_request(display_feed *f, ConnectRequest *message, int64_t now_ms)
{
    const display_picture *p = &f->plan.pictures[f->at];
    DisplayRequest *request = &message->message.display_request;

    if (!f->gathering || f->asked)
        return false;
    f->asked = true;
    f->asked_ms = now_ms + PART_WAIT_MS;
    message->which_message = smartpass_link_v1_ConnectRequest_display_request_tag;
    request->id = p->id;
    BYTES_FIELD_SET(request->sha256, p->sha256, sizeof p->sha256);
    request->offset = f->have;
    return true;
}

bool display_feed_tick(display_feed *f, int64_t now_ms)
{
    if (now_ms < display_feed_due_ms(f))
        return false;
    f->asked = false;
    return true;
}

int64_t display_feed_due_ms(const display_feed *f)
{
    return f->asked ? f->asked_ms : INT64_MAX;
}

uint32_t display_feed_refused(const display_feed *f)
{
    uint32_t refused = 0;

    for (uint32_t i = 0; i < f->plan.picture_count; i++)
        refused += f->reasons[i] != NULL;
    return refused;
}
