/* The SQL of sections. All run in tx (role app); what they answer lies in its arena. */
#pragma once

#include "org.h"
#include "smartpass/v1/org.pb-c.h"

/* groups is org_scope's; module 0: all. */
sp_status section_store_list(db_tx *tx, int64_t enterprise_id, db_arg groups, int module,
                             Smartpass__V1__Section ***ret_sections, size_t *ret_count) SP_MUST_USE;
sp_status section_store_count(db_tx *tx, int64_t enterprise_id, int64_t *ret_count) SP_MUST_USE;

/* Takes the row's lock: nothing is put into the section meanwhile. */
sp_status section_store_lock(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t id,
                             Smartpass__V1__Section *ret_section) SP_MUST_USE;

/* With *ret_taken, and a failure, when another one of the group and module has the name. */
sp_status section_store_add(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Section *section,
                            bool *ret_taken) SP_MUST_USE;
sp_status section_store_rename(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Section *section,
                               bool *ret_taken) SP_MUST_USE;

/* Its content falls to the default section. */
sp_status section_store_remove(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Section *section) SP_MUST_USE;
