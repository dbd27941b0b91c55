/* Names that would be declared twice. The contract allows what C does not: GetURL beside GetUrl, a method WatchWrite
 * beside a stream Watch, services of one name in two packages. */
#pragma once

#include "contract.h"

/* One refusal for each generated name that another of the same request has already. */
void collisions_check(const contract *c, FILE *refusals);
