// libargon2, the reference implementation of Argon2 (RFC 9106).
#ifndef DRIZZL_CARGON2_SHIM_H
#define DRIZZL_CARGON2_SHIM_H

#include <argon2.h>

#endif
