// libpq as it is, and eventfd, which Swift's Glibc module leaves out.
#include <libpq-fe.h>
#include <sys/eventfd.h>
