/* What the contract must state. A method without a policy, or an unlimited text from outside, is never generated. */
#pragma once

#include "contract.h"
#include "request.h"

/* Writes one line for each breach; nothing when all is well. */
void rules_check(const contract *c, const parameters *chosen, FILE *refusals);

/* The bytes of a string, of a bytes field, or of a map's keys and values: what max_bytes is about. */
bool field_has_bytes(const field *f);

/* The map entry's message, when the field is a map; else NULL. */
const message *field_map_entry(const field *f);
