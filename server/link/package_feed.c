/* The software that a terminal should install: offered when its rollout's stage has begun, read part by part as the
 * terminal asks, and what becomes of it. What follows for the rollout is server/packages'. */
#include <stdlib.h>
#include <unistd.h>

#include "link_parts.h"
#include "log.h"
#include "package_progress.h"
#include "registry.h"

enum { PART = 16384, PROGRESS_PARTS = 20 /* how often progress is written down, of a whole package */ };

/* Of the terminal's lane. */
struct package_feed {
    package_offer offer;
    int fd;        /* -1: not asked for yet */
    int64_t noted; /* progress as written down last */
};

void package_forget(terminal *t)
{
    if (t->package && t->package->fd >= 0)
        close(t->package->fd);
    free(t->package);
    t->package = NULL;
}

static package_target target_of(const terminal *t, int64_t rollout_id)
{
    return (package_target){t->enterprise_id, rollout_id, t->device_id};
}

static void send_offer(terminal *t, const package_offer *offer)
{
    PackageOffer body = PACKAGE_OFFER_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    body.rollout_id = offer->rollout_id;
    body.version = (char *)offer->version;
    body.package_size = (uint64_t)offer->size;
    if (offer->size > 0)
        body.package_sha256 = (ProtobufCBinaryData){sizeof offer->sha256, (uint8_t *)offer->sha256};
    body.force = offer->force;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PACKAGE_OFFER;
    message.package_offer = &body;
    terminal_send(t, &message);
}

static void take_back(terminal *t, int64_t rollout_id)
{
    send_offer(t, &(package_offer){.rollout_id = rollout_id});
    if (t->package && t->package->offer.rollout_id == rollout_id)
        package_forget(t);
}

void package_next(terminal *t)
{
    int64_t told = t->package ? t->package->offer.rollout_id : 0;
    package_offer offer;

    if (sp_failed(package_offer_find(t->link->options.packages, t->enterprise_id, t->device_id, &offer)) ||
        offer.rollout_id == told)
        return;
    if (told != 0)
        take_back(t, told);
    if (offer.rollout_id == 0)
        return;
    t->package = calloc(1, sizeof *t->package);
    if (!t->package)
        return;
    *t->package = (struct package_feed){.offer = offer, .fd = -1};
    send_offer(t, &offer);
}

void package_due(void *arg)
{
    terminal *t = arg;

    if (!atomic_load(&t->closed) && t->welcomed)
        package_next(t);
    terminal_release(t);
}

/* ---- What the terminal asks for ---------------------------------------------------------------------------------- */

/* Now and then; that is also when a terminal hears that a package is not offered any more. */
static bool note_progress(terminal *t, int64_t offset)
{
    struct package_feed *p = t->package;
    const package_target target = target_of(t, p->offer.rollout_id);
    bool wanted = true;

    if (offset != 0 && offset - p->noted < p->offer.size / PROGRESS_PARTS + PART)
        return true;
    p->noted = offset;
    if (sp_failed(package_fetching(t->link->options.packages, &target, offset, &wanted)))
        return true; /* written down with the next part */
    return wanted;
}

static bool open_file(struct package_feed *p, terminal *t)
{
    if (p->fd < 0 && sp_failed(package_offer_open(t->link->options.packages, &p->offer, &p->fd))) {
        log_write(LOG_ERROR, "a package's file cannot be read", NULL);
        return false;
    }
    return true;
}

static void send_part(terminal *t, const PackageChunk *part)
{
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PACKAGE_CHUNK;
    message.package_chunk = (PackageChunk *)part;
    terminal_send(t, &message);
}

void package_asked(terminal *t, arena *a, const ConnectRequest *request)
{
    const PackageRequest *wanted = request->package_request;
    struct package_feed *p = t->package;
    PackageChunk part = PACKAGE_CHUNK_INIT;
    uint8_t bytes[PART];
    ssize_t n;

    (void)a;
    part.rollout_id = wanted->rollout_id;
    part.offset = wanted->offset;
    if (!p || p->offer.rollout_id != wanted->rollout_id || wanted->offset >= (uint64_t)p->offer.size ||
        !note_progress(t, (int64_t)wanted->offset)) {
        send_part(t, &part); /* total 0: not offered any more */
        return;
    }
    if (!open_file(p, t) || (n = pread(p->fd, bytes, sizeof bytes, (off_t)wanted->offset)) <= 0)
        return; /* it asks again */
    part.total = (uint64_t)p->offer.size;
    part.data = (ProtobufCBinaryData){(size_t)n, bytes};
    send_part(t, &part);
}

/* ---- What becomes of it ------------------------------------------------------------------------------------------ */

/* Written down, then answered: a terminal tells its end until it hears that nothing is offered any more. */
static void take_end(terminal *t, int64_t rollout_id, const char *reason)
{
    const package_target target = target_of(t, rollout_id);
    const link_hooks *hooks = &t->link->options.hooks;

    if (sp_failed(package_ended(t->link->options.packages, &target, reason))) {
        log_write(LOG_WARNING, "the end of an upgrade cannot be written down", NULL);
        return; /* told again after the next hello */
    }
    take_back(t, rollout_id);
    package_next(t);
    if (hooks->device_changed)
        hooks->device_changed(hooks->arg, t->enterprise_id, t->device_id);
}

void package_reported(terminal *t, arena *a, const ConnectRequest *request)
{
    const PackageReport *report = request->package;
    const package_target target = target_of(t, report->rollout_id);
    bool wanted;

    (void)a;
    switch (report->event) {
    case SMARTPASS__LINK__V1__PACKAGE_EVENT__PACKAGE_EVENT_FETCHING:
        if (sp_failed(package_fetching(t->link->options.packages, &target,
                                       report->offset < INT64_MAX ? (int64_t)report->offset : 0, &wanted)))
            break;
        if (!wanted)
            take_back(t, report->rollout_id);
        break;
    case SMARTPASS__LINK__V1__PACKAGE_EVENT__PACKAGE_EVENT_TRYING:
        if (sp_failed(package_trying(t->link->options.packages, &target)))
            log_write(LOG_WARNING, "the trial of a version cannot be written down", NULL);
        break;
    case SMARTPASS__LINK__V1__PACKAGE_EVENT__PACKAGE_EVENT_DONE:
        take_end(t, report->rollout_id, NULL);
        break;
    case SMARTPASS__LINK__V1__PACKAGE_EVENT__PACKAGE_EVENT_FAILED:
        take_end(t, report->rollout_id, report->reason);
        break;
    default: /* of a newer terminal: not understood, and no harm */
        break;
    }
}
