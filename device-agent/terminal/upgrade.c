#include "upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "log.h"
#include "upgrade_parts.h"

enum {
    SYNC_EVERY = 1 << 20, /* bytes between two points that a download can go on from */
    PART_WAIT_MS = 30000, /* for one part */
    LAST_WORD_MS = 3000,  /* for the server to be told that the new version starts */
};

/* ---- The state ---- */

/* False, and the disk is full or broken: what was to begin may not begin. */
static bool write_down(upgrade *u)
{
    if (!u->slots || !sp_failed(upgrade_state_write(&u->folder, &u->state)))
        return true;
    log_write(LOG_ERROR, "the state of the upgrade cannot be stored", NULL);
    return false;
}

static void close_part(upgrade *u)
{
    if (u->part >= 0)
        close(u->part);
    u->part = -1;
}

static void drop_part(upgrade *u)
{
    char path[UPGRADE_PATH_MAX];

    close_part(u);
    upgrade_part_path(&u->folder, path);
    if (u->slots)
        unlink(path);
}

/* However it ended: written down, then cleared up, then told. */
static void say_end(upgrade *u)
{
    if (u->state.phase == UPGRADE_FAILED)
        log_write(LOG_WARNING, "the upgrade has failed", "reason", upgrade_failure_name(u->state.failure), NULL);
    (void)write_down(u);
    drop_part(u);
    u->due_ms = INT64_MAX;
    u->asked = false;
    u->report_due = true;
}

static void fail(upgrade *u, upgrade_failure why)
{
    (void)upgrade_fail(&u->state, why);
    upgrade_install_end(u);
    say_end(u);
}

/* ---- Fetching ---- */

/* Opens what was fetched so far; whatever lies behind it was not on the disk for good. */
static bool open_part(upgrade *u)
{
    char path[UPGRADE_PATH_MAX];

    upgrade_part_path(&u->folder, path);
    u->part = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (u->part < 0)
        return false;
    u->received = u->state.fetched;
    return u->state.phase != UPGRADE_FETCHING || ftruncate(u->part, (off_t)u->received) == 0;
}

static uint64_t free_bytes(const upgrade *u)
{
    struct statvfs facts;

    return statvfs(u->folder.folder, &facts) == 0 ? (uint64_t)facts.f_bavail * facts.f_frsize + u->received : 0;
}

static void install(upgrade *u, int64_t now_ms)
{
    u->asked = false;
    if (upgrade_install_begin(u))
        u->due_ms = now_ms;
    else
        say_end(u);
}

static void begin_fetching(upgrade *u)
{
    u->asked = false;
    u->report_due = true;
    if (u->part < 0 && !open_part(u))
        fail(u, UPGRADE_NO_SPACE);
}

bool upgrade_offered(upgrade *u, const PackageOffer *message)
{
    upgrade_offer offer = {.rollout_id = message->rollout_id, .size = message->package_size, .force = message->force};
    const upgrade_means means = {.slots = u->slots, .free_bytes = free_bytes(u)};
    upgrade_state before = u->state;

    if (message->rollout_id <= 0)
        return false;
    if (message->package_size == 0) {
        if (upgrade_take_back(&u->state, message->rollout_id) == UPGRADE_FORGET) {
            (void)write_down(u);
            drop_part(u);
        }
        return false;
    }
    if (!package_version_parse(message->version, &offer.version) || message->package_sha256.size != sizeof offer.sha256)
        return false;
    memcpy(offer.sha256, message->package_sha256.bytes, sizeof offer.sha256);
    switch (upgrade_take_offer(&u->state, &offer, &means)) {
    case UPGRADE_FETCH:
        drop_part(u);
        if (write_down(u))
            begin_fetching(u);
        else
            fail(u, UPGRADE_NO_SPACE);
        return true;
    case UPGRADE_GO_ON:
        begin_fetching(u);
        return true;
    case UPGRADE_TELL:
        u->report_due = true;
        if (before.offer.rollout_id != offer.rollout_id || before.phase == UPGRADE_IDLE)
            say_end(u);
        return true;
    case UPGRADE_FORGET:
    case UPGRADE_DO_NOTHING:
        break;
    }
    return false;
}

static bool write_part(upgrade *u, const uint8_t *bytes, size_t n)
{
    ssize_t written;

    do
        written = pwrite(u->part, bytes, n, (off_t)u->received);
    while (written < 0 && errno == EINTR);
    return written == (ssize_t)n;
}

/* A point from which the download can go on after a power cut. When it is whole, that is written down in the same step:
 * there is no part to ask for behind its end. */
static bool sync_part(upgrade *u)
{
    if (fdatasync(u->part) != 0 || !upgrade_fetched(&u->state, u->received))
        return false;
    (void)upgrade_complete(&u->state);
    return write_down(u);
}

bool upgrade_chunk(upgrade *u, const PackageChunk *chunk, int64_t now_ms)
{
    const upgrade_offer *offer = &u->state.offer;

    if (u->state.phase != UPGRADE_FETCHING || chunk->rollout_id != offer->rollout_id)
        return false;
    if (chunk->total == 0) { /* not offered any more */
        (void)upgrade_take_back(&u->state, chunk->rollout_id);
        (void)write_down(u);
        drop_part(u);
        return false;
    }
    if (!u->asked || chunk->offset != u->received)
        return false; /* of an earlier connection */
    u->asked = false;
    if (chunk->total != offer->size || chunk->data.size == 0 || chunk->data.size > offer->size - u->received) {
        fail(u, UPGRADE_DAMAGED);
        return true;
    }
    if (!write_part(u, chunk->data.bytes, chunk->data.size)) {
        fail(u, UPGRADE_NO_SPACE);
        return true;
    }
    u->received += chunk->data.size;
    if ((u->received == offer->size || u->received - u->state.fetched >= SYNC_EVERY) && !sync_part(u)) {
        fail(u, UPGRADE_NO_SPACE);
        return true;
    }
    if (u->state.phase == UPGRADE_INSTALLING)
        install(u, now_ms);
    return true;
}

/* ---- The trial ---- */

static void confirm(upgrade *u)
{
    u->trial = false;
    if (!upgrade_confirm(&u->state))
        return;
    log_write(LOG_INFO, "the new version works and stays", "version", u->version, NULL);
    say_end(u);
}

bool upgrade_welcomed(upgrade *u)
{
    u->online = true;
    u->report_due = u->state.phase != UPGRADE_IDLE && u->state.offer.rollout_id != 0;
    if (u->trial)
        confirm(u);
    return u->report_due;
}

void upgrade_hung_up(upgrade *u)
{
    u->online = false;
    u->asked = false;
    u->report_due = false;
}

/* ---- What is said ---- */

static PackageReport report_of(const upgrade *u)
{
    static const smartpass_link_v1_PackageEvent events[] = {
        [UPGRADE_FETCHING] = smartpass_link_v1_PackageEvent_PACKAGE_EVENT_FETCHING,
        [UPGRADE_INSTALLING] = smartpass_link_v1_PackageEvent_PACKAGE_EVENT_FETCHING,
        [UPGRADE_TRYING] = smartpass_link_v1_PackageEvent_PACKAGE_EVENT_TRYING,
        [UPGRADE_DONE] = smartpass_link_v1_PackageEvent_PACKAGE_EVENT_DONE,
        [UPGRADE_FAILED] = smartpass_link_v1_PackageEvent_PACKAGE_EVENT_FAILED,
    };
    PackageReport report = {.rollout_id = u->state.offer.rollout_id, .event = events[u->state.phase]};

    report.offset = u->state.phase == UPGRADE_FETCHING ? u->received : u->state.offer.size;
    if (u->state.phase == UPGRADE_FAILED)
        snprintf(report.reason, sizeof report.reason, "%s", upgrade_failure_name(u->state.failure));
    return report;
}

bool upgrade_say(upgrade *u, ConnectRequest *up, int64_t now_ms)
{
    if (u->report_due && u->state.phase != UPGRADE_IDLE && u->state.offer.rollout_id != 0) {
        u->report_due = false;
        up->which_message = smartpass_link_v1_ConnectRequest_package_tag;
        up->message.package = report_of(u);
        if (u->restart_ms != INT64_MAX)
            u->restart_ms = now_ms + LAST_WORD_MS / 10; /* it is on its way */
        return true;
    }
    u->report_due = false;
    if (u->state.phase != UPGRADE_FETCHING || u->asked || u->part < 0)
        return false;
    u->asked = true;
    u->asked_ms = now_ms + PART_WAIT_MS;
    up->which_message = smartpass_link_v1_ConnectRequest_package_request_tag;
    up->message.package_request = (PackageRequest){.rollout_id = u->state.offer.rollout_id, .offset = u->received};
    return true;
}

/* ---- Time ---- */

static void installing(upgrade *u, int64_t now_ms)
{
    if (upgrade_install_step(u)) {
        u->due_ms = now_ms;
        return;
    }
    u->due_ms = INT64_MAX;
    if (u->state.phase != UPGRADE_TRYING) {
        say_end(u);
        return;
    }
    if (!write_down(u)) {
        fail(u, UPGRADE_NO_SPACE);
        return;
    }
    log_write(LOG_INFO, "a new version is installed and starts now", NULL);
    drop_part(u);
    u->report_due = true;
    u->restart_ms = now_ms + LAST_WORD_MS;
}

bool upgrade_tick(upgrade *u, int64_t now_ms)
{
    if (now_ms >= u->restart_ms) {
        u->restart_ms = INT64_MAX;
        u->restart = true;
    }
    if (u->asked && now_ms >= u->asked_ms)
        u->asked = false; /* it is asked for once more */
    if (now_ms >= u->due_ms) {
        u->due_ms = INT64_MAX;
        if (u->state.phase == UPGRADE_INSTALLING)
            installing(u, now_ms);
        else if (u->trial && !u->state.was_online)
            confirm(u);
    }
    return u->report_due || (u->state.phase == UPGRADE_FETCHING && !u->asked);
}

int64_t upgrade_due_ms(const upgrade *u)
{
    int64_t due_ms = u->due_ms < u->restart_ms ? u->due_ms : u->restart_ms;

    return u->asked && u->asked_ms < due_ms ? u->asked_ms : due_ms;
}

bool upgrade_wants_restart(const upgrade *u)
{
    return u->restart;
}

const upgrade_state *upgrade_is(const upgrade *u)
{
    return &u->state;
}

/* ---- The whole ---- */

/* Goes on with what was under way when the program ended. */
static void go_on(upgrade *u, const upgrade_options *options, int64_t now_ms)
{
    package_version version = {0};

    (void)package_version_parse(options->version, &version);
    if (!u->slots || sp_failed(upgrade_state_read(&u->folder, &u->state))) {
        u->state = upgrade_fresh(u->slot, version);
        return;
    }
    if (u->state.phase == UPGRADE_FETCHING) {
        if (!open_part(u))
            fail(u, UPGRADE_NO_SPACE);
    } else if (u->state.phase == UPGRADE_INSTALLING) {
        if (open_part(u))
            install(u, now_ms);
        else
            fail(u, UPGRADE_NO_SPACE);
    } else if (u->state.phase == UPGRADE_TRYING && u->slot == upgrade_other(u->state.current)) {
        u->trial = package_version_compare(version, u->state.offer.version) == 0;
        u->due_ms = u->state.was_online ? INT64_MAX : now_ms + options->quiet_ms;
        if (!u->trial) {
            log_write(LOG_ERROR, "the program is of another version than its package said", NULL);
            u->restart_ms = now_ms; /* until its starts are used up */
        }
    }
}

upgrade *upgrade_new(const upgrade_options *options, int64_t now_ms)
{
    upgrade *u = calloc(1, sizeof *u);

    if (!u)
        return NULL;
    u->part = u->program = -1;
    u->due_ms = u->restart_ms = INT64_MAX;
    u->model = options->model;
    u->version = options->version;
    u->slot = options->slot && strcmp(options->slot, "b") == 0 ? UPGRADE_SLOT_B : UPGRADE_SLOT_A;
    u->slots = options->slot && !sp_failed(upgrade_folder_of(options->data, &u->folder));
    snprintf(u->keys_folder, sizeof u->keys_folder, "%s/package-keys", options->data);
    go_on(u, options, now_ms);
    return u;
}

void upgrade_free(upgrade *u)
{
    if (!u)
        return;
    upgrade_install_end(u);
    close_part(u);
    free(u);
}
