// zlib's begin of a compression is a macro, which Swift does not import.
#ifndef DRIZZL_CZLIB_SHIM_H
#define DRIZZL_CZLIB_SHIM_H

#include <zlib.h>

/// Begins a compression whose output has gzip's header and checksum.
static inline int czlib_begin_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
