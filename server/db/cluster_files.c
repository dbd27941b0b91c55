#include "cluster_files.h"

#include <errno.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cluster_process.h"
#include "file.h"

enum { OLDEST_MAJOR = 15, NEWEST_MAJOR = 30, LOG_MAX = 16 * 1024 * 1024 };

__attribute__((format(printf, 3, 4))) static sp_status explain(char *detail, sp_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(detail, CLUSTER_DETAIL, format, args);
    va_end(args);
    return status;
}

/* ---- Whom it runs as --------------------------------------------------------------------------------------------- */

static sp_status owner_find(const char *wanted, cluster_owner *owner, char *detail)
{
    const struct passwd *entry;

    *owner = (cluster_owner){.uid = geteuid(), .gid = getegid()};
    if (geteuid() != 0) {
        entry = getpwuid(geteuid());
        if (!entry)
            return explain(detail, CLUSTER_NO_USER, "user id %d has no name, which initdb needs", (int)geteuid());
        snprintf(owner->name, sizeof owner->name, "%s", entry->pw_name);
        return SP_DONE;
    }
    entry = getpwnam(wanted && *wanted ? wanted : "smartpass");
    if (!entry && !(wanted && *wanted))
        entry = getpwnam("postgres");
    if (!entry || entry->pw_uid == 0)
        return explain(detail, CLUSTER_NO_USER, "make one with: useradd --system --no-create-home %s",
                       wanted && *wanted ? wanted : "smartpass");
    *owner = (cluster_owner){.change = true, .uid = entry->pw_uid, .gid = entry->pw_gid, .group_count = 64};
    snprintf(owner->name, sizeof owner->name, "%s", entry->pw_name);
    if (getgrouplist(owner->name, owner->gid, owner->groups, &owner->group_count) < 0)
        owner->group_count = 64;
    return SP_DONE;
}

static bool owner_may_enter(const cluster_owner *owner, const struct stat *folder)
{
    if (folder->st_uid == owner->uid)
        return folder->st_mode & S_IXUSR;
    for (int i = 0; i < owner->group_count; i++)
        if (folder->st_gid == owner->groups[i])
            return folder->st_mode & S_IXGRP;
    return folder->st_mode & S_IXOTH;
}

/* Every folder above the path. */
static sp_status way_check(const cluster_layout *layout, const char *path, char *detail)
{
    char folder[PATH_MAX];
    struct stat info;

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
        if (stat(folder, &info) != 0)
            return explain(detail, CLUSTER_DIRECTORY, "%s: %s", folder, strerror(errno));
        if (layout->owner.change && !owner_may_enter(&layout->owner, &info))
            return explain(detail, CLUSTER_DIRECTORY, "the user %s may not enter %s", layout->owner.name, folder);
    }
    return SP_DONE;
}

/* ---- Which programs ---------------------------------------------------------------------------------------------- */

static bool binaries_are_in(const char *folder)
{
    char path[PATH_MAX + 16];

    snprintf(path, sizeof path, "%s/postgres", folder);
    if (access(path, X_OK) != 0)
        return false;
    snprintf(path, sizeof path, "%s/initdb", folder);
    return access(path, X_OK) == 0;
}

static bool binaries_of_major(int major, char *folder)
{
    static const char *const places[] = {"/usr/lib/postgresql/%d/bin", "/usr/pgsql-%d/bin", "/usr/lib/postgresql%d/bin",
                                         "/opt/homebrew/opt/postgresql@%d/bin"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char place[64];

        snprintf(place, sizeof place, "%.*s%d%s", (int)(strchr(places[i], '%') - places[i]), places[i], major,
                 strchr(places[i], '%') + 2);
        if (binaries_are_in(place)) {
            snprintf(folder, PATH_MAX, "%s", place);
            return true;
        }
    }
    return false;
}

/* The major version that made the folder, or 0 when there is no cluster yet. */
static int cluster_major(const char *directory)
{
    char path[PATH_MAX + 16], *text = NULL;
    int major = 0;

    snprintf(path, sizeof path, "%s/PG_VERSION", directory);
    if (!sp_failed(file_read(path, 64, &text, NULL)))
        major = atoi(text);
    free(text);
    return major;
}

/* Asks "postgres --version", because a configured folder need not tell by its name. */
static int binaries_major(const char *folder)
{
    char command[PATH_MAX + 16], line[128] = "";
    const char *digits;
    int ends[2];
    pid_t child;
    ssize_t n;

    snprintf(command, sizeof command, "%s/postgres", folder);
    if (pipe(ends) != 0)
        return 0;
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(command, command, "--version", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    n = child > 0 ? read(ends[0], line, sizeof line - 1) : 0;
    close(ends[0]);
    if (child > 0)
        waitpid(child, NULL, 0);
    line[n > 0 ? n : 0] = '\0';
    digits = strpbrk(line, "0123456789");
    return digits ? atoi(digits) : 0;
}

static sp_status binaries_find(const char *wanted, cluster_layout *layout, char *detail)
{
    int made_by = cluster_major(layout->directory), major;
    bool found = false;

    if (wanted && *wanted) {
        snprintf(layout->binaries, sizeof layout->binaries, "%s", wanted);
        found = binaries_are_in(wanted);
    } else if (made_by) {
        found = binaries_of_major(made_by, layout->binaries);
    }
    for (major = NEWEST_MAJOR; !found && !(wanted && *wanted) && major >= OLDEST_MAJOR; major--)
        found = binaries_of_major(major, layout->binaries);
    if (!found)
        return explain(detail, CLUSTER_NO_BINARIES, "looked in %s",
                       wanted && *wanted ? wanted : "/usr/lib/postgresql/<version>/bin and its like");
    major = binaries_major(layout->binaries);
    if (made_by && made_by != major)
        return explain(detail, CLUSTER_OTHER_VERSION, "%s was made by version %d, the programs in %s are version %d",
                       layout->directory, made_by, layout->binaries, major);
    if (major < OLDEST_MAJOR)
        return explain(detail, CLUSTER_NO_BINARIES, "%s holds version %d", layout->binaries, major);
    return SP_DONE;
}

/* ---- The socket's folder ----------------------------------------------------------------------------------------- */

/* Beside the cluster, unless that path would be too long for a socket. The name is the same at every start, so that a
 * cluster left running is found again. */
static void socket_directory_name(cluster_layout *layout)
{
    char beside[PATH_MAX];
    uint64_t hash = 14695981039346656037u;

    snprintf(beside, sizeof beside, "%.*s-socket", PATH_MAX - 16, layout->directory);
    if (strlen(beside) + sizeof "/.s.PGSQL.65535" <= SOCKET_PATH_MAX) {
        memcpy(layout->socket_directory, beside, strlen(beside) + 1);
        return;
    }
    for (const char *c = layout->directory; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    snprintf(layout->socket_directory, sizeof layout->socket_directory, "%s/smartpass-%016llx",
             geteuid() == 0 ? "/run" : "/tmp", (unsigned long long)hash);
}

static sp_status socket_directory_make(const cluster_layout *layout, char *detail)
{
    const char *path = layout->socket_directory;
    struct stat info;

    if (mkdir(path, 0700) == 0 && layout->owner.change && chown(path, layout->owner.uid, layout->owner.gid) != 0)
        return explain(detail, CLUSTER_DIRECTORY, "%s: %s", path, strerror(errno));
    if (lstat(path, &info) != 0)
        return explain(detail, CLUSTER_DIRECTORY, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(info.st_mode) || info.st_uid != layout->owner.uid || (info.st_mode & 077) != 0)
        return explain(detail, CLUSTER_DIRECTORY, "%s is not a folder of the user %s alone", path, layout->owner.name);
    return SP_DONE;
}

sp_status cluster_layout_find(const db_cluster_options *options, cluster_layout *ret_layout, char *detail)
{
    cluster_layout *layout = ret_layout;
    sp_status status;

    memset(layout, 0, sizeof *layout);
    if (options->directory[0] != '/' || strlen(options->directory) > PATH_MAX - 64)
        return explain(detail, CLUSTER_DIRECTORY, "%.200s is not an absolute path", options->directory);
    snprintf(layout->directory, sizeof layout->directory, "%s", options->directory);
    snprintf(layout->log, sizeof layout->log, "%.*s.log", PATH_MAX - 16, options->directory);
    layout->port = options->port ? options->port : 3306;
    status = owner_find(options->user, &layout->owner, detail);
    if (!sp_failed(status))
        status = way_check(layout, layout->directory, detail);
    if (!sp_failed(status))
        status = binaries_find(options->binaries, layout, detail);
    socket_directory_name(layout);
    if (!sp_failed(status))
        status = socket_directory_make(layout, detail);
    return status;
}

/* ---- Making and opening the cluster ------------------------------------------------------------------------------ */

bool cluster_exists(const cluster_layout *layout)
{
    return cluster_major(layout->directory) != 0;
}

static int entry_remove(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

sp_status cluster_create(const cluster_layout *layout, char *detail)
{
    char unfinished[PATH_MAX + 16], program[PATH_MAX + 16];
    const char *const argv[] = {program,
                                "-D",
                                unfinished,
                                "-U",
                                "smartpass",
                                "-E",
                                "UTF8",
                                "--locale=C.UTF-8",
                                "--data-checksums",
                                "--auth=peer",
                                "--no-instructions",
                                NULL};
    int outcome = -1;
    pid_t child;

    snprintf(unfinished, sizeof unfinished, "%s.unfinished", layout->directory);
    snprintf(program, sizeof program, "%s/initdb", layout->binaries);
    nftw(unfinished, entry_remove, 16, FTW_DEPTH | FTW_PHYS); /* of a start that was killed */
    if (mkdir(unfinished, 0700) != 0)
        return explain(detail, CLUSTER_DIRECTORY, "%s: %s", unfinished, strerror(errno));
    if (layout->owner.change && chown(unfinished, layout->owner.uid, layout->owner.gid) != 0)
        return explain(detail, CLUSTER_DIRECTORY, "%s: %s", unfinished, strerror(errno));
    child = cluster_spawn(layout, argv);
    if (child < 0 || waitpid(child, &outcome, 0) != child || outcome != 0)
        return explain(detail, CLUSTER_INITDB, "see %s", layout->log);
    if (rename(unfinished, layout->directory) != 0)
        return explain(detail, CLUSTER_DIRECTORY, "%s: %s", layout->directory, strerror(errno));
    return SP_DONE;
}

sp_status cluster_write_access(const cluster_layout *layout, char *detail)
{
    static const char rules[] = "local all all peer map=smartpass\n";
    const struct passwd *self = getpwuid(geteuid());
    char path[PATH_MAX + 16], map[256];
    struct stat info;
    sp_status status;

    snprintf(map, sizeof map, "smartpass \"%s\" smartpass\nsmartpass \"%s\" smartpass\n", layout->owner.name,
             self ? self->pw_name : layout->owner.name);
    snprintf(path, sizeof path, "%s.hba", layout->directory);
    status = file_write(path, rules, sizeof rules - 1, 0644);
    if (!sp_failed(status)) {
        snprintf(path, sizeof path, "%s.ident", layout->directory);
        status = file_write(path, map, strlen(map), 0644);
    }
    if (sp_failed(status))
        return explain(detail, CLUSTER_DIRECTORY, "%s cannot be written", path);
    if (stat(layout->log, &info) == 0 && info.st_size > LOG_MAX && truncate(layout->log, 0) != 0)
        return explain(detail, CLUSTER_DIRECTORY, "%s: %s", layout->log, strerror(errno));
    return SP_DONE;
}
