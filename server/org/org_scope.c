/* Who sees which groups. */
#include "call.h"
#include "group_store.h"
#include "org.h"
#include "server_org_sql.h"
#include "tree_cache.h"

enum { GROUPS_REMEMBERED = 1 << 18 }; /* 24 bytes each */

static tree_cache *remembered; /* one of the process, as its database is */

bool org_remember_trees(void)
{
    remembered = tree_cache_new(GROUPS_REMEMBERED);
    return remembered != NULL;
}

void org_forget_trees(void)
{
    tree_cache_free(remembered);
    remembered = NULL;
}

static sp_status scope_of(const org_tree *tree, const caller *who, int64_t group_id, arena *a, const int64_t **ret_ids,
                          size_t *ret_count)
{
    int64_t *ids, seen_id = group_id ? group_id : who->group_id;
    org_sight sight = org_tree_sight(tree, who->group_id, seen_id);

    if (sight == ORG_SEES_NOTHING)
        return GROUP_NOT_FOUND;
    if (sight == ORG_SEES_ALL)
        return SP_DONE;
    ids = arena_array(a, tree->count, sizeof *ids);
    if (!ids)
        return OUT_OF_MEMORY;
    *ret_count = org_tree_subtree(tree, seen_id, ids);
    *ret_ids = ids;
    return SP_DONE;
}

/* A tree of the version that the caller came with is committed, so it can be remembered; a later one may be tx's own.
 */
static sp_status scope_read(db_tx *tx, const caller *who, int64_t group_id, const int64_t **ret_ids, size_t *ret_count)
{
    int64_t version;
    org_tree tree;
    sp_status status = group_store_read_tree(tx, who->enterprise_id, &tree, &version);

    if (sp_failed(status))
        return status;
    if (remembered && version == who->tree_version)
        tree_cache_keep(remembered, who->enterprise_id, version, &tree);
    return scope_of(&tree, who, group_id, db_tx_arena(tx), ret_ids, ret_count);
}

sp_status org_scope_ids(db_tx *tx, const caller *who, int64_t group_id, const int64_t **ret_ids, size_t *ret_count)
{
    const org_tree *tree = NULL;
    sp_status status;

    *ret_ids = NULL;
    *ret_count = 0;
    if (remembered && who->tree_version != 0)
        tree = tree_cache_hold(remembered, who->enterprise_id, who->tree_version);
    if (!tree)
        return scope_read(tx, who, group_id, ret_ids, ret_count);
    status = scope_of(tree, who, group_id, db_tx_arena(tx), ret_ids, ret_count);
    tree_cache_release(remembered, tree);
    return status;
}

sp_status org_scope(db_tx *tx, const caller *who, int64_t group_id, db_arg *ret_ids)
{
    const int64_t *ids;
    size_t count;
    sp_status status = org_scope_ids(tx, who, group_id, &ids, &count);

    if (!sp_failed(status))
        *ret_ids = ids ? db_int64_array(db_tx_arena(tx), ids, count) : db_null();
    return status;
}

sp_status org_hold_group(db_tx *tx, const caller *who, int64_t group_id)
{
    db_arg groups;
    db_rows rows;
    sp_status status = org_scope(tx, who, group_id, &groups);

    if (!sp_failed(status))
        status = db_query(tx, SQL_GROUP_HOLD,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(group_id ? group_id : who->group_id)), &rows);
    if (sp_failed(status))
        return status;
    return rows.count > 0 ? SP_DONE : GROUP_NOT_FOUND;
}

sp_status org_hold_section(db_tx *tx, int64_t enterprise_id, int64_t group_id, int module, int64_t section_id)
{
    db_rows rows;
    sp_status status;

    if (section_id == 0)
        return SP_DONE;
    status = db_query(
        tx, SQL_SECTION_IS_THERE,
        DB_ARGS(db_int64(enterprise_id), db_int64(group_id), db_int64(section_id), db_int16((int16_t)module)), &rows);
    if (sp_failed(status))
        return status;
    return rows.count > 0 ? SP_DONE : SECTION_NOT_FOUND;
}
