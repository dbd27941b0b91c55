/* What protoc makes sure of before it asks a plugin, and everything else here relies on. Another program may send
 * anything: names that are none of C, types that are nowhere. */
#pragma once

#include "contract.h"

/* Both give NULL when all is well, else what is wrong, in scratch memory. The request is looked at before it is made a
 * contract. */
const char *request_fault(const CodeGeneratorRequest *request);
const char *contract_fault(const contract *c);
