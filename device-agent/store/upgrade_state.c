#include "upgrade_state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "text.h"

enum { STATE_TEXT_MAX = 1024 };

/* ---- Names ---- */

sp_status upgrade_folder_of(const char *data, upgrade_folder *ret)
{
    int n = snprintf(ret->folder, sizeof ret->folder, "%s/software", data);

    return n > 0 && (size_t)n < sizeof ret->folder ? SP_DONE : UPGRADE_FOLDER_UNUSABLE;
}

static void path_in(const upgrade_folder *f, const char *name, char out[UPGRADE_PATH_MAX])
{
    snprintf(out, UPGRADE_PATH_MAX, "%.*s/%s", (int)sizeof f->folder, f->folder, name);
}

static const char *slot_name(upgrade_slot slot)
{
    return slot == UPGRADE_SLOT_A ? "slot-a" : "slot-b";
}

static void slot_path(const upgrade_folder *f, upgrade_slot slot, const char *file, char out[UPGRADE_PATH_MAX])
{
    char name[48];

    snprintf(name, sizeof name, "%s%s%s", slot_name(slot), file[0] ? "/" : "", file);
    path_in(f, name, out);
}

void upgrade_program_path(const upgrade_folder *f, upgrade_slot slot, char out[UPGRADE_PATH_MAX])
{
    slot_path(f, slot, "smartpass-agent", out);
}

void upgrade_fresh_path(const upgrade_folder *f, upgrade_slot slot, char out[UPGRADE_PATH_MAX])
{
    slot_path(f, slot, "smartpass-agent.new", out);
}

void upgrade_part_path(const upgrade_folder *f, char out[UPGRADE_PATH_MAX])
{
    path_in(f, "package.part", out);
}

void upgrade_lock_path(const upgrade_folder *f, char out[UPGRADE_PATH_MAX])
{
    path_in(f, "lock", out);
}

/* ---- Folders and programs ---- */

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return synced;
}

/* file_write passes through files of this name and six letters. */
static void sweep(const char *path)
{
    DIR *folder = opendir(path);

    if (!folder)
        return;
    for (const struct dirent *e; (e = readdir(folder)) != NULL;)
        if (strncmp(e->d_name, "state.", 6) == 0)
            unlinkat(dirfd(folder), e->d_name, 0);
    closedir(folder);
}

sp_status upgrade_folder_make(const upgrade_folder *f)
{
    char a[UPGRADE_PATH_MAX], b[UPGRADE_PATH_MAX];
    const char *const paths[] = {f->folder, a, b};

    slot_path(f, UPGRADE_SLOT_A, "", a);
    slot_path(f, UPGRADE_SLOT_B, "", b);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (mkdir(paths[i], 0700) != 0 && errno != EEXIST)
            return UPGRADE_FOLDER_UNUSABLE;
    sweep(f->folder);
    return sync_folder(f->folder) ? SP_DONE : UPGRADE_FOLDER_UNUSABLE;
}

sp_status upgrade_program_place(const upgrade_folder *f, upgrade_slot slot, int fd)
{
    char from[UPGRADE_PATH_MAX], to[UPGRADE_PATH_MAX], folder[UPGRADE_PATH_MAX];

    upgrade_fresh_path(f, slot, from);
    upgrade_program_path(f, slot, to);
    slot_path(f, slot, "", folder);
    if (fchmod(fd, 0700) != 0 || fsync(fd) != 0 || rename(from, to) != 0 || !sync_folder(folder))
        return FILE_NOT_WRITABLE;
    return SP_DONE;
}

/* ---- The state ---- */

/* The number or text of the line "name=…" that must begin here; NULL: it does not. */
static char *take_line(char **at, const char *name)
{
    size_t n = strlen(name);
    char *value = *at + n + 1;
    char *end;

    if (strncmp(*at, name, n) != 0 || (*at)[n] != '=' || !(end = strchr(value, '\n')))
        return NULL;
    *end = '\0';
    *at = end + 1;
    return value;
}

static bool take_number(char **at, const char *name, int64_t max, int64_t *ret)
{
    const char *value = take_line(at, name);

    return value && int64_parse(value, 0, max, ret);
}

static bool take_version(char **at, const char *name, package_version *ret)
{
    const char *value = take_line(at, name);

    return value && package_version_parse(value, ret);
}

static bool parse_offer(char **at, upgrade_offer *offer)
{
    const char *sha256;
    int64_t size, force;

    if (!take_number(at, "rollout", INT64_MAX, &offer->rollout_id) || !take_version(at, "version", &offer->version) ||
        !take_number(at, "size", (int64_t)UPGRADE_PACKAGE_MAX, &size) || !(sha256 = take_line(at, "sha256")) ||
        !hex_decode(sha256, offer->sha256, sizeof offer->sha256) || !take_number(at, "force", 1, &force))
        return false;
    offer->size = (uint64_t)size;
    offer->force = force != 0;
    return true;
}

static bool parse(char *text, upgrade_state *s)
{
    int64_t current, phase, fetched, online, boots, failure;

    if (!take_number(&text, "current", UPGRADE_SLOT_B, &current) ||
        !take_version(&text, "current_version", &s->current_version) ||
        !take_number(&text, "phase", UPGRADE_FAILED, &phase) || !parse_offer(&text, &s->offer) ||
        !take_number(&text, "fetched", (int64_t)UPGRADE_PACKAGE_MAX, &fetched) ||
        !take_number(&text, "was_online", 1, &online) || !take_number(&text, "boots", UPGRADE_BOOTS_MAX, &boots) ||
        !take_number(&text, "failure", UPGRADE_FAILURES - 1, &failure) || *text != '\0')
        return false;
    s->current = (upgrade_slot)current;
    s->phase = (upgrade_phase)phase;
    s->fetched = (uint64_t)fetched;
    s->was_online = online != 0;
    s->boots = (uint32_t)boots;
    s->failure = (upgrade_failure)failure;
    return s->fetched <= s->offer.size;
}

sp_status upgrade_state_read(const upgrade_folder *f, upgrade_state *ret)
{
    char path[UPGRADE_PATH_MAX];
    upgrade_state state;
    char *text;
    bool usable;

    path_in(f, "state", path);
    if (sp_failed(file_read(path, STATE_TEXT_MAX, &text, NULL)))
        return FILE_NOT_FOUND;
    usable = parse(text, &state);
    free(text);
    if (!usable)
        return FILE_NOT_FOUND;
    *ret = state;
    return SP_DONE;
}

sp_status upgrade_state_write(const upgrade_folder *f, const upgrade_state *s)
{
    char path[UPGRADE_PATH_MAX];
    char sha256[2 * UPGRADE_SHA256_SIZE + 1];
    char current[PACKAGE_VERSION_SIZE], version[PACKAGE_VERSION_SIZE];
    char text[STATE_TEXT_MAX];
    int n;

    path_in(f, "state", path);
    hex_encode(s->offer.sha256, sizeof s->offer.sha256, sha256);
    package_version_text(s->current_version, current);
    package_version_text(s->offer.version, version);
    n = snprintf(text, sizeof text,
                 "current=%d\ncurrent_version=%s\nphase=%d\nrollout=%" PRId64 "\nversion=%s\nsize=%" PRIu64
                 "\nsha256=%s\nforce=%d\nfetched=%" PRIu64 "\nwas_online=%d\nboots=%" PRIu32 "\nfailure=%d\n",
                 (int)s->current, current, (int)s->phase, s->offer.rollout_id, version, s->offer.size, sha256,
                 s->offer.force, s->fetched, s->was_online, s->boots, (int)s->failure);
    return file_write(path, text, (size_t)n, 0600);
}
