#include "waiting.h"

#include <stddef.h>

static _Thread_local void (*before)(void);

void before_waiting_do(void (*what)(void))
{
    before = what;
}

void before_waiting(void)
{
    if (before != NULL)
        before();
}
