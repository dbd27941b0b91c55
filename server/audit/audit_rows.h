/* Inside server/audit: rows of audit_chain_page and audit_unsealed_page as the chain takes them. */
#pragma once

#include "audit_chain.h"
#include "db.h"

/* Texts and bytes are borrowed from the rows. A payload hash of another size counts as bytes that fit nothing. */
audit_sealed_row audit_row_read(const db_rows *rows, int row, int64_t enterprise_id);

/* False when there is none (or it was erased); only of audit_chain_page. */
bool audit_payload_read(const db_rows *rows, int row, audit_payload *ret_payload);
