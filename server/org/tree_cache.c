#include "tree_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A tree lives while it is kept or held; the cache's lock guards the count of both. */
typedef struct {
    org_tree tree; /* first: what is handed out */
    int holders;   /* the cache is one */
    org_node nodes[];
} kept_tree;

typedef struct {
    int64_t enterprise_id, version;
    uint64_t asked; /* when last, in the cache's count of asking */
    kept_tree *kept;
} place;

struct tree_cache {
    pthread_mutex_t lock;
    place places[TREE_CACHE_ENTERPRISES]; /* the first count of them */
    size_t count;
    size_t groups, groups_max;
    uint64_t asked;
};

tree_cache *tree_cache_new(size_t groups_max)
{
    tree_cache *cache = calloc(1, sizeof *cache);

    if (!cache)
        return NULL;
    pthread_mutex_init(&cache->lock, NULL);
    cache->groups_max = groups_max;
    return cache;
}

static void let_go(kept_tree *kept)
{
    if (--kept->holders == 0)
        free(kept);
}

static void place_clear(tree_cache *cache, place *p)
{
    cache->groups -= p->kept->tree.count;
    let_go(p->kept);
    *p = cache->places[--cache->count];
}

void tree_cache_free(tree_cache *cache)
{
    if (!cache)
        return;
    while (cache->count > 0)
        place_clear(cache, &cache->places[0]);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static place *place_find(tree_cache *cache, int64_t enterprise_id)
{
    for (size_t i = 0; i < cache->count; i++)
        if (cache->places[i].enterprise_id == enterprise_id)
            return &cache->places[i];
    return NULL;
}

const org_tree *tree_cache_hold(tree_cache *cache, int64_t enterprise_id, int64_t version)
{
    const org_tree *tree = NULL;
    place *p;

    pthread_mutex_lock(&cache->lock);
    p = place_find(cache, enterprise_id);
    if (p && p->version == version) {
        p->asked = ++cache->asked;
        p->kept->holders++;
        tree = &p->kept->tree;
    }
    pthread_mutex_unlock(&cache->lock);
    return tree;
}

void tree_cache_release(tree_cache *cache, const org_tree *tree)
{
    pthread_mutex_lock(&cache->lock);
    let_go((kept_tree *)tree);
    pthread_mutex_unlock(&cache->lock);
}

/* Until the tree fits. */
static void make_room(tree_cache *cache, size_t groups)
{
    while (cache->count == TREE_CACHE_ENTERPRISES || cache->groups + groups > cache->groups_max) {
        place *oldest = &cache->places[0];

        for (size_t i = 1; i < cache->count; i++)
            if (cache->places[i].asked < oldest->asked)
                oldest = &cache->places[i];
        place_clear(cache, oldest);
    }
}

void tree_cache_keep(tree_cache *cache, int64_t enterprise_id, int64_t version, const org_tree *tree)
{
    kept_tree *kept;
    place *earlier;

    if (tree->count > cache->groups_max)
        return;
    kept = malloc(sizeof *kept + tree->count * sizeof *kept->nodes);
    if (!kept)
        return;
    memcpy(kept->nodes, tree->nodes, tree->count * sizeof *kept->nodes);
    kept->tree = (org_tree){kept->nodes, tree->count};
    kept->holders = 1;
    pthread_mutex_lock(&cache->lock);
    earlier = place_find(cache, enterprise_id);
    if (earlier)
        place_clear(cache, earlier);
    make_room(cache, tree->count);
    cache->places[cache->count++] = (place){enterprise_id, version, ++cache->asked, kept};
    cache->groups += tree->count;
    pthread_mutex_unlock(&cache->lock);
}
