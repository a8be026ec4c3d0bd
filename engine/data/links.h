/* Links within an archive: hard ones are the file that they name, as it was when they were packed;
 * soft ones are what their target is when all is unpacked, a file or a whole folder. */
#ifndef SYN_DATA_LINKS_H
#define SYN_DATA_LINKS_H

#include "engine/data/members.h"

#define SYN_LINK_CIRCLE "a link that leads back to where it lies"

/* What to say of a link to `target`, which is not there. */
const char *syn_link_nowhere(syn_names *names, const char *target);

/* What a link to nowhere would have been: a file by its name, or else a folder. */
syn_item_kind syn_link_kind(const char *name);

/* Sets item->target, and `why` for the case that it leads nowhere. */
void syn_link_target(syn_members *m, syn_item *item, const syn_member *member);

/* Both want the items sorted, and leave them so. */
syn_status syn_links_hard(syn_members *m);
syn_status syn_links_soft(syn_members *m);

#endif
