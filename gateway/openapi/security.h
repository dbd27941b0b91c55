/* How callers prove who they are. */
#pragma once

#include "document.h"

/* "securitySchemes": {…} */
void security_schemes_write(document *d);
