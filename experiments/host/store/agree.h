/* Two records of one key: is it the same result? */
#ifndef SYN_HOST_AGREE_H
#define SYN_HOST_AGREE_H

#include <jansson.h>

/* A record without what may differ between two computations of one run: its time, the name its images
 * went by, and the options that no result depends on (those that one does are in the key). The caller
 * owns it; its parts are shared. */
json_t *host_record_result(const json_t *record);

int host_records_agree(const json_t *a, const json_t *b);

#endif
