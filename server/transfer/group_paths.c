#include "group_paths.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t id;
    const char *path;   /* "Head office / Workshop" */
    const char *folded; /* without blanks around its slashes */
    const char *last;   /* what follows the last slash of folded */
} place;

struct group_paths {
    arena *memory;
    size_t count;
    place *places;       /* in the order of the nodes */
    const place **by_id; /* sorted, as the next two */
    const place **by_last;
    const place **by_path;
};

/* In place: "A / B" becomes "A/B". Blanks within a name stay. */
static void fold(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        const char *next = from + strspn(from, " ");

        if (*from == ' ' && (*next == '/' || *next == '\0'))
            continue;
        if (*from == ' ' && (to == text || to[-1] == '/'))
            continue;
        *to++ = *from;
    }
    *to = '\0';
}

static const char *last_of(const char *folded)
{
    const char *slash = strrchr(folded, '/');

    return slash ? slash + 1 : folded;
}

static int id_order(const void *a, const void *b)
{
    int64_t one = (*(const place *const *)a)->id, other = (*(const place *const *)b)->id;

    return one < other ? -1 : one > other;
}

static int last_order(const void *a, const void *b)
{
    return strcmp((*(const place *const *)a)->last, (*(const place *const *)b)->last);
}

static int path_order(const void *a, const void *b)
{
    return strcmp((*(const place *const *)a)->path, (*(const place *const *)b)->path);
}

/* ---- Making ------------------------------------------------------------------------------------------------------ */

/* Parents are placed before their children, so a path is its parent's and a name. */
static bool place_make(arena *a, const group_node *node, const place *parent, place *ret_place)
{
    char *folded;

    ret_place->id = node->id;
    ret_place->path = parent ? arena_printf(a, "%s / %s", parent->path, node->name) : node->name;
    folded = ret_place->path ? arena_text(a, ret_place->path) : NULL;
    if (!folded)
        return false;
    fold(folded);
    ret_place->folded = folded;
    ret_place->last = last_of(folded);
    return true;
}

/* Among those already placed, which are sorted by id only at the end: siblings follow each other, so their parent is
 * mostly the one asked for before. */
static const place *parent_find(const group_paths *paths, size_t placed, int64_t id, size_t *hint)
{
    for (size_t n = 0; n < placed; n++) {
        size_t i = (*hint + n) % placed;

        if (paths->places[i].id == id) {
            *hint = i;
            return &paths->places[i];
        }
    }
    return NULL;
}

group_paths *group_paths_make(arena *a, const group_node *nodes, size_t count)
{
    group_paths *paths = arena_alloc(a, sizeof *paths);
    size_t hint = 0;

    if (!paths)
        return NULL;
    *paths = (group_paths){
        .memory = a,
        .count = count,
        .places = arena_array(a, count, sizeof *paths->places),
        .by_id = arena_array(a, count, sizeof(const place *)),
        .by_last = arena_array(a, count, sizeof(const place *)),
        .by_path = arena_array(a, count, sizeof(const place *)),
    };
    if (!paths->places || !paths->by_id || !paths->by_last || !paths->by_path)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const place *parent = i ? parent_find(paths, i, nodes[i].parent_id, &hint) : NULL;

        if (!place_make(a, &nodes[i], parent, &paths->places[i]))
            return NULL;
        paths->by_id[i] = paths->by_last[i] = paths->by_path[i] = &paths->places[i];
    }
    qsort(paths->by_id, count, sizeof(const place *), id_order);
    qsort(paths->by_last, count, sizeof(const place *), last_order);
    qsort(paths->by_path, count, sizeof(const place *), path_order);
    return paths;
}

/* ---- Asking ------------------------------------------------------------------------------------------------------ */

size_t group_paths_count(const group_paths *paths)
{
    return paths->count;
}

const char *group_path_at(const group_paths *paths, size_t index)
{
    return paths->by_path[index]->path;
}

const char *group_path(const group_paths *paths, int64_t group_id)
{
    const place key = {.id = group_id}, *wanted = &key;
    const place **found = bsearch(&wanted, paths->by_id, paths->count, sizeof *found, id_order);

    return found ? (*found)->path : "";
}

/* The whole of folded, or its end from a slash on. */
static bool ends_with(const char *folded, const char *text)
{
    size_t n = strlen(folded), m = strlen(text);

    return m <= n && strcmp(folded + n - m, text) == 0 && (m == n || folded[n - m - 1] == '/');
}

/* The first of those with this last name. */
static size_t first_with(const group_paths *paths, const char *last)
{
    size_t low = 0, high = paths->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(paths->by_last[middle]->last, last) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

group_verdict group_paths_find(const group_paths *paths, const char *text, int64_t *ret_group_id)
{
    enum { TEXT_MAX = 2048 };
    char folded[TEXT_MAX];
    size_t found = 0;

    *ret_group_id = 0;
    if (strlen(text) >= sizeof folded)
        return GROUP_UNKNOWN;
    strcpy(folded, text);
    fold(folded);
    for (size_t i = first_with(paths, last_of(folded)); i < paths->count; i++) {
        const place *at = paths->by_last[i];

        if (strcmp(at->last, last_of(folded)) != 0)
            break;
        if (strcmp(at->folded, folded) == 0) {
            *ret_group_id = at->id;
            return GROUP_FOUND;
        }
        if (ends_with(at->folded, folded)) {
            *ret_group_id = at->id;
            found++;
        }
    }
    return found == 0 ? GROUP_UNKNOWN : found == 1 ? GROUP_FOUND : GROUP_AMBIGUOUS;
}
