#include "cluster_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

static void log_open(const cluster_layout *layout)
{
    int log = open(layout->log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    int null = open("/dev/null", O_RDONLY);

    dup2(null, STDIN_FILENO);
    if (log >= 0) {
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
    }
    syscall(SYS_close_range, 3, ~0U, 0);
}

/* In the child, after fork in a program with threads: nothing here may take a lock or allocate. */
__attribute__((noreturn)) static void child_become(const cluster_layout *layout, const char *const argv[])
{
    static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", NULL};
    const cluster_owner *owner = &layout->owner;
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    setsid(); /* a Ctrl-C is for us: we stop the database when we are done with it */
    log_open(layout);
    if (owner->change &&
        (setgroups((size_t)owner->group_count, owner->groups) || setgid(owner->gid) || setuid(owner->uid)))
        _exit(126);
    umask(077);
    if (chdir("/") == 0)
        execve(argv[0], (char *const *)argv, (char *const *)environment);
    _exit(127);
}

pid_t cluster_spawn(const cluster_layout *layout, const char *const argv[])
{
    pid_t child = fork();

    if (child == 0)
        child_become(layout, argv);
    return child;
}

pid_t cluster_spawn_postmaster(const cluster_layout *layout)
{
    char program[PATH_MAX + 16], sockets[160], port[24], hba[PATH_MAX + 32], ident[PATH_MAX + 32];
    const char *const argv[] = {program,
                                "-D",
                                layout->directory,
                                "-c",
                                sockets,
                                "-c",
                                port,
                                "-c",
                                hba,
                                "-c",
                                ident,
                                "-c",
                                "listen_addresses=",
                                "-c",
                                "unix_socket_permissions=0700",
                                "-c",
                                "fsync=on",
                                "-c",
                                "full_page_writes=on",
                                "-c",
                                "synchronous_commit=on",
                                "-c",
                                "max_connections=100",
                                "-c",
                                "max_wal_size=2GB",
                                "-c",
                                "random_page_cost=1.1",
                                "-c",
                                "jit=off",
                                "-c",
                                "log_min_messages=warning",
                                "-c",
                                "log_line_prefix=%m [%p] ",
                                "-c",
                                "timezone=UTC",
                                "-c",
                                "log_timezone=UTC",
                                NULL};

    snprintf(program, sizeof program, "%s/postgres", layout->binaries);
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", layout->socket_directory);
    snprintf(port, sizeof port, "port=%d", layout->port);
    snprintf(hba, sizeof hba, "hba_file=%s.hba", layout->directory);
    snprintf(ident, sizeof ident, "ident_file=%s.ident", layout->directory);
    return cluster_spawn(layout, argv);
}

/* Whether a process is a postgres with this folder; a recycled number is not. */
static bool is_postmaster_of(pid_t pid, const char *directory)
{
    char path[64], here[PATH_MAX];
    struct stat of_process, of_cluster;
    char *words = NULL;
    bool same = false;

    snprintf(path, sizeof path, "/proc/%d/cwd", (int)pid);
    if (stat(path, &of_process) == 0 && stat(directory, &of_cluster) == 0)
        same = of_process.st_dev == of_cluster.st_dev && of_process.st_ino == of_cluster.st_ino;
    snprintf(here, sizeof here, "/proc/%d/stat", (int)pid);
    if (same && !sp_failed(file_read(here, 4096, &words, NULL))) {
        char *state = strrchr(words, ')');

        same = state && strstr(words, "(postgres)") && strncmp(state, ") Z", 3) != 0;
    }
    free(words);
    return same;
}

pid_t cluster_running(cluster_layout *layout)
{
    char path[PATH_MAX + 32], *text = NULL, *rest, *line;
    char sockets[108] = "";
    int number = 0, port = 0;
    pid_t pid = 0;

    snprintf(path, sizeof path, "%s/postmaster.pid", layout->directory);
    if (sp_failed(file_read(path, 8192, &text, NULL)))
        return 0;
    rest = text;
    /* pid, folder, start time, port, socket folder, … */
    while ((line = strsep(&rest, "\n")) && number++ < 5) {
        if (number == 1)
            pid = (pid_t)atoi(line);
        else if (number == 4)
            port = atoi(line);
        else if (number == 5)
            snprintf(sockets, sizeof sockets, "%s", line);
    }
    free(text);
    if (pid <= 1 || !is_postmaster_of(pid, layout->directory))
        return 0;
    if (port > 0 && sockets[0] == '/') {
        layout->port = port;
        memcpy(layout->socket_directory, sockets, sizeof sockets);
    }
    return pid;
}
