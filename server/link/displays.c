/* The pass display of a terminal: its plan is sent when the terminal has another one, its pictures part by part as the
 * terminal asks, and what it says of the plan is written down. What belongs into a plan is server/displays'. */
#include "display_plan.h"
#include "link_parts.h"
#include "log.h"

enum { PART = 16384, PLAN_ARENA = 256 << 10, SHA256_BYTES = 32 };

static display_terminal key_of(const terminal *t)
{
    return (display_terminal){t->enterprise_id, t->device_id};
}

static bool fill(arena *a, const display_plan *plan, DisplayPlan *body)
{
    DisplayPicture *pictures = arena_array(a, plan->picture_count + 1, sizeof *pictures);
    DisplayOwner *owners = arena_array(a, plan->owner_count + 1, sizeof *owners);

    body->pictures = arena_array(a, plan->picture_count + 1, sizeof *body->pictures);
    body->owners = arena_array(a, plan->owner_count + 1, sizeof *body->owners);
    if (!pictures || !owners || !body->pictures || !body->owners)
        return false;
    for (size_t i = 0; i < plan->picture_count; i++) {
        const display_plan_picture *from = &plan->pictures[i];

        pictures[i] = (DisplayPicture)DISPLAY_PICTURE_INIT;
        pictures[i].id = from->id;
        pictures[i].sha256 = (ProtobufCBinaryData){SHA256_BYTES, (uint8_t *)from->sha256};
        pictures[i].size = from->size;
        pictures[i].seconds = from->seconds;
        pictures[i].strangers = from->strangers;
        body->pictures[body->n_pictures++] = &pictures[i];
    }
    for (size_t i = 0; i < plan->owner_count; i++) {
        owners[i] = (DisplayOwner)DISPLAY_OWNER_INIT;
        owners[i].person_id = plan->owners[i].person_id;
        owners[i].picture = plan->owners[i].picture;
        body->owners[body->n_owners++] = &owners[i];
    }
    return true;
}

static void send_plan(terminal *t, arena *a, const display_plan *plan)
{
    DisplayPlan body = DISPLAY_PLAN_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    body.version = plan->version;
    if (!fill(a, plan, &body))
        return; /* the slow look tries again */
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_DISPLAY_PLAN;
    message.display_plan = &body;
    terminal_send(t, &message);
    t->display_told = plan->version;
    t->display_sent = true;
}

/* One that is in force, but was never reported to us, is told once more, so that it is. */
void display_next(terminal *t)
{
    const display_terminal of = key_of(t);
    display_plan plan;
    arena a;

    if (t->display_told == t->display_wanted && (t->display_sent || t->display_reported))
        return;
    arena_init(&a, PLAN_ARENA);
    sp_status st = display_plan_read(t->link->options.displays, &a, &of, &plan);
    if (sp_failed(st))
        log_write(LOG_WARNING, "a pass display waits", "reason", st.reason, NULL);
    else
        send_plan(t, &a, &plan);
    arena_done(&a);
}

/* ---- Its pictures ------------------------------------------------------------------------------------------------ */

void display_asked(terminal *t, arena *a, const ConnectRequest *request)
{
    const DisplayRequest *wanted = request->display_request;
    const display_terminal of = key_of(t);
    DisplayChunk body = DISPLAY_CHUNK_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;
    const uint8_t *picture = NULL;
    size_t size = 0;
    sp_status st = SP_DONE;

    if (wanted->sha256.len == SHA256_BYTES)
        st = display_plan_picture_read(t->link->options.displays, a, &of, wanted->id, wanted->sha256.data, &picture,
                                       &size);
    if (sp_failed(st)) {
        terminal_end(t, st);
        return;
    }
    body.id = wanted->id;
    body.offset = wanted->offset;
    body.total = (uint32_t)size;
    if (picture &&
        wanted->offset < size) { /* one that was lost here comes without bytes: it must not be asked for again */
        size_t left = size - wanted->offset;
        body.data = (ProtobufCBinaryData){left < PART ? left : PART, (uint8_t *)picture + wanted->offset};
    }
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_DISPLAY_CHUNK;
    message.display_chunk = &body;
    terminal_send(t, &message);
}

/* ---- What becomes of it ------------------------------------------------------------------------------------------ */

/* A terminal newer than we are may have reasons that we do not know, but no other words. */
static const char *reason_of(const DisplayRefusal *refusal)
{
    return is_word(refusal->reason) ? refusal->reason : "NOT_OFFERED";
}

void display_reported(terminal *t, arena *a, const ConnectRequest *request)
{
    const DisplayReport *report = request->display;
    const link_hooks *hooks = &t->link->options.hooks;
    const display_terminal of = key_of(t);
    display_refusal *refusals = arena_array(a, report->n_refusals + 1, sizeof *refusals);
    sp_status st = LINK_NO_MEMORY;

    for (size_t i = 0; refusals && i < report->n_refusals; i++)
        refusals[i] = (display_refusal){report->refusals[i]->id, reason_of(report->refusals[i])};
    if (refusals)
        st = display_plan_report(t->link->options.displays, &of, report->version, refusals, report->n_refusals);
    if (sp_failed(st)) {
        terminal_end(t, st); /* after the reconnect the same plan is told again, and reported again */
        return;
    }
    if (hooks->device_changed)
        hooks->device_changed(hooks->arg, t->enterprise_id, t->device_id);
}
