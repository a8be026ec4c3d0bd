/* The page being made, for those who fill and write it (manifest.c, manifest_file.c). */
#ifndef SYN_HOST_MANIFEST_PAGE_H
#define SYN_HOST_MANIFEST_PAGE_H

#include "experiments/host/base/host.h"

/* How values stand in the manifest. */
#define HOST_MANIFEST_LINE (JSON_COMPACT | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY)

/* Makes sure that there is one: h->page, as it will be written, but that "runs" and "configurations"
 * are objects with lines for values, by key and by name, which take far less room; and with "seconds", of
 * all runs. */
syn_status host_manifest_page(host *h, syn_ctx *ctx);

#endif
