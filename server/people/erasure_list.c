#include "erasure_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "hash.h"
#include "log.h"
#include "text.h"

enum { LINE_MAX_BYTES = 160, DETAIL = 512, FILE_MAX = 1 << 30 };

struct erasure_list {
    char *folder;
    char *path; /* our own file */
    uint8_t key[SHA256_SIZE];
};

static const char KEY_USE[] = "smartpass list of erasures 1";

erasure_list *erasure_list_new(const char *folder, int node, const uint8_t master[SEAL_KEY_SIZE])
{
    erasure_list *list = calloc(1, sizeof *list);
    char path[PATH_MAX];

    if (!list)
        return NULL;
    snprintf(path, sizeof path, "%s/%d.list", folder, node);
    list->folder = strdup(folder);
    list->path = strdup(path);
    if (!list->folder || !list->path ||
        sp_failed(hmac_sha256(master, SEAL_KEY_SIZE, KEY_USE, sizeof KEY_USE - 1, list->key)) ||
        (mkdir(folder, 0700) != 0 && errno != EEXIST)) {
        erasure_list_free(list);
        return NULL;
    }
    return list;
}

void erasure_list_free(erasure_list *list)
{
    if (!list)
        return;
    explicit_bzero(list->key, sizeof list->key);
    free(list->folder);
    free(list->path);
    free(list);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

/* "<enterprise> <person> <time> <mac>" without the line's end; 0 when the MAC cannot be made. */
static size_t line_write(const erasure_list *list, const erasure_entry *e, char line[LINE_MAX_BYTES])
{
    uint8_t mac[SHA256_SIZE];
    int n = snprintf(line, LINE_MAX_BYTES, "%" PRId64 " %" PRId64 " %" PRId64, e->enterprise_id, e->person_id,
                     e->erased_ms);

    if (sp_failed(hmac_sha256(list->key, sizeof list->key, line, (size_t)n, mac)))
        return 0;
    line[n++] = ' ';
    hex_encode(mac, sizeof mac, line + n);
    return (size_t)n + 2 * sizeof mac;
}

typedef enum { LINE_GOOD, LINE_TORN, LINE_FOREIGN } line_verdict;

/* What a crash may leave is shorter than a line, or zeroes: it has no whole MAC. */
static line_verdict line_read(const erasure_list *list, const char *line, erasure_entry *ret)
{
    char made[LINE_MAX_BYTES];
    uint8_t mac[SHA256_SIZE];
    int end = 0;
    size_t size;

    if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %n", &ret->enterprise_id, &ret->person_id, &ret->erased_ms,
               &end) != 3 ||
        strlen(line + end) != 2 * sizeof mac || !hex_decode(line + end, mac, sizeof mac))
        return LINE_TORN;
    size = line_write(list, ret, made);
    return size == strlen(line) && bytes_equal(made, line, size) ? LINE_GOOD : LINE_FOREIGN;
}

/* ---- Adding ------------------------------------------------------------------------------------------------------ */

static bool folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return done;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

/* A line that a crash cut short gets its end first, so that it spoils no other. */
static bool append(const erasure_list *list, int fd, const char *lines, size_t size)
{
    struct stat info;
    char last = '\n';

    if (flock(fd, LOCK_EX) != 0 || fstat(fd, &info) != 0)
        return false;
    if (info.st_size > 0 && pread(fd, &last, 1, info.st_size - 1) != 1)
        return false;
    if (info.st_size == 0 && !folder_sync(list->folder))
        return false;
    return (last == '\n' || write_all(fd, "\n", 1)) && write_all(fd, lines, size) && fsync(fd) == 0;
}

sp_status erasure_list_add(erasure_list *list, const erasure_entry *entries, size_t count)
{
    char *lines = malloc(count * LINE_MAX_BYTES + 1);
    size_t size = 0;
    bool done;
    int fd;

    if (!lines)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        size_t n = line_write(list, &entries[i], lines + size);

        if (n == 0) {
            free(lines);
            return ERASURES_UNWRITABLE;
        }
        lines[size + n] = '\n';
        size += n + 1;
    }
    fd = open(list->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    done = fd >= 0 && append(list, fd, lines, size);
    free(lines);
    if (fd >= 0)
        close(fd); /* and the lock with it */
    return done ? SP_DONE : ERASURES_UNWRITABLE;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

typedef struct {
    erasure_entry *entries;
    size_t count, room;
} gathered;

static sp_status gather(gathered *g, const erasure_entry *entry)
{
    if (g->count == g->room) {
        size_t room = g->room ? g->room * 2 : 1024;
        erasure_entry *more = reallocarray(g->entries, room, sizeof *more);

        if (!more)
            return OUT_OF_MEMORY;
        g->entries = more;
        g->room = room;
    }
    g->entries[g->count++] = *entry;
    return SP_DONE;
}

static sp_status lines_read(const erasure_list *list, const char *path, char *bytes, size_t size, gathered *g,
                            char *detail)
{
    char *end = bytes + size;
    int number = 0;
    sp_status status = SP_DONE;

    for (char *line = bytes, *next; line < end && !sp_failed(status); line = next) {
        char *stop = memchr(line, '\n', (size_t)(end - line));
        erasure_entry entry;
        line_verdict verdict;

        number++;
        next = stop ? stop + 1 : end;
        if (stop)
            *stop = '\0'; /* else the NUL that file_read puts behind everything */
        verdict = line_read(list, line, &entry);
        if (verdict == LINE_GOOD) {
            status = gather(g, &entry);
        } else if (verdict == LINE_FOREIGN) {
            snprintf(detail, DETAIL, "%.400s, line %d", path, number);
            status = ERASURES_FOREIGN;
        } else {
            snprintf(detail, DETAIL, "%d", number);
            log_write(LOG_WARNING, "a torn line in the list of erasures", "file", path, "line", detail, NULL);
        }
    }
    return status;
}

static sp_status one_file_read(const erasure_list *list, const char *name, gathered *g, char *detail)
{
    char path[PATH_MAX], *bytes = NULL;
    size_t size = 0;
    sp_status status;

    snprintf(path, sizeof path, "%s/%s", list->folder, name);
    snprintf(detail, DETAIL, "%.400s", path);
    status = file_read(path, FILE_MAX, &bytes, &size);
    status = sp_failed(status) ? ERASURES_UNREADABLE : lines_read(list, path, bytes, size, g, detail);
    free(bytes);
    return status;
}

int erasure_entry_compare(const void *a, const void *b)
{
    const erasure_entry *x = a, *y = b;

    if (x->enterprise_id != y->enterprise_id)
        return x->enterprise_id < y->enterprise_id ? -1 : 1;
    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

static void sort_each_once(gathered *g)
{
    size_t kept = 0;

    if (g->count > 0)
        qsort(g->entries, g->count, sizeof *g->entries, erasure_entry_compare);
    for (size_t i = 0; i < g->count; i++) {
        erasure_entry *before = kept > 0 ? &g->entries[kept - 1] : NULL;

        if (!before || erasure_entry_compare(before, &g->entries[i]) != 0)
            g->entries[kept++] = g->entries[i];
        else if (g->entries[i].erased_ms < before->erased_ms)
            before->erased_ms = g->entries[i].erased_ms;
    }
    g->count = kept;
}

sp_status erasure_list_read(const erasure_list *list, erasure_entry **ret_entries, size_t *ret_count, char *detail)
{
    gathered g = {NULL, 0, 0};
    DIR *folder = opendir(list->folder);
    const struct dirent *entry;
    sp_status status = SP_DONE;

    if (!folder) {
        snprintf(detail, DETAIL, "%.400s: %s", list->folder, strerror(errno));
        return ERASURES_UNREADABLE;
    }
    while (!sp_failed(status) && (entry = readdir(folder)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');

        if (dot && strcmp(dot, ".list") == 0)
            status = one_file_read(list, entry->d_name, &g, detail);
    }
    closedir(folder);
    if (sp_failed(status)) {
        free(g.entries);
        return status;
    }
    sort_each_once(&g);
    *ret_entries = g.entries;
    *ret_count = g.count;
    return SP_DONE;
}
