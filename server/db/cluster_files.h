/* Inside the cluster: whom it runs as, which programs, and what lies in its folders. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "cluster.h"

enum { CLUSTER_DETAIL = 512, SOCKET_PATH_MAX = 107 };

typedef struct {
    bool change; /* we are root */
    uid_t uid;
    gid_t gid;
    gid_t groups[64];
    int group_count;
    char name[64];
} cluster_owner;

typedef struct {
    char directory[PATH_MAX];
    char log[PATH_MAX]; /* beside the folder */
    char socket_directory[108];
    char binaries[PATH_MAX];
    int port;
    cluster_owner owner;
} cluster_layout;

/* Finds the owner, the programs and the socket's folder, making the latter. Changes nothing in the cluster's folder. */
sp_status cluster_layout_find(const db_cluster_options *options, cluster_layout *ret_layout, char *detail);

bool cluster_exists(const cluster_layout *layout);

/* Runs initdb in a folder beside, then renames it, so that a half-made cluster never looks like one. */
sp_status cluster_create(const cluster_layout *layout, char *detail);

/* Lets exactly the present user (and the owner) in, as the database's owner "smartpass". */
sp_status cluster_write_access(const cluster_layout *layout, char *detail);
